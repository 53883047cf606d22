import * as v from "valibot";
import { SAMPLE_RATE } from "../phrases/dtmf.ts";
import type { Speaker } from "../phrases/phrase.ts";
import { canRedact, hasLanguage } from "./transcribe-offer.ts";

export type Operation = "call-analytics" | "standard";

/** A client's request to Amazon Transcribe, as its path and headers have it. */
export interface TranscribeRequest {
  operation: Operation;
  sessionId: string;
  sampleRate: number;
  /** One code, or the candidates for language identification. */
  languages: readonly string[];
  identifyLanguage: boolean;
  channels: 1 | 2;
  /** The handling of personal data, and the types that it applies to. */
  personalData: { handling: "redact" | "identify"; types: ReadonlySet<string> } | null;
  partialStability: boolean;
  /** Names of custom vocabularies and vocabulary filters. */
  vocabularies: readonly string[];
  vocabularyFilters: readonly string[];
}

/** The reason for a BadRequestException. */
export class BadRequest extends Error {}

const PATHS: Readonly<Record<string, Operation>> = {
  "/call-analytics-stream-transcription": "call-analytics",
  "/stream-transcription": "standard",
};
const PERSONAL_DATA_TYPES = [
  ...["ADDRESS", "BANK_ACCOUNT_NUMBER", "BANK_ROUTING", "CREDIT_DEBIT_CVV", "CREDIT_DEBIT_EXPIRY", "CREDIT_DEBIT_NUMBER"],
  ...["EMAIL", "NAME", "PHONE", "PIN", "SSN"],
];
/** Further types of standard streaming (API reference, StartStreamTranscription, PiiEntityTypes). */
const STANDARD_DATA_TYPES = [
  ...["AGE", "DATE_TIME", "LICENSE_PLATE", "PASSPORT_NUMBER", "PASSWORD", "USERNAME", "VEHICLE_IDENTIFICATION_NUMBER"],
];
/** Real-time Call Analytics identifies among two to five languages (Developer Guide, call-analytics-streaming). */
const MAX_LANGUAGE_OPTIONS = 5;
const SESSION_ID = /^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;

export type RequestHeaders = Readonly<Record<string, string | string[] | number | undefined>>;

/** Reads path and headers. Returns null when the path has no operation. @throws BadRequest with the reason */
export function readRequest(path: string, headers: RequestHeaders, newId: () => string): TranscribeRequest | null {
  const operation = PATHS[path];
  if (operation === undefined) return null;
  const header = (name: string): string | null => {
    const value = headers[`x-amzn-transcribe-${name}`];
    return typeof value === "string" && value !== "" ? value : null;
  };

  const sessionId = header("session-id") ?? newId();
  if (!SESSION_ID.test(sessionId)) throw new BadRequest("The session ID isn't a UUID.");
  const sampleRate = Number(header("sample-rate"));
  if (sampleRate !== SAMPLE_RATE) throw new BadRequest(`The media sample rate must be ${SAMPLE_RATE} Hz: telephone audio.`);
  if (header("media-encoding") !== "pcm") throw new BadRequest("The media encoding is missing or isn't supported here; use pcm.");

  const identifyLanguage = header("identify-language") === "true" || header("identify-multiple-languages") === "true";
  const languages = readLanguages(operation, identifyLanguage, header);
  return {
    operation,
    sessionId,
    sampleRate,
    languages,
    identifyLanguage,
    channels: readChannels(operation, header),
    personalData: readPersonalData(operation, languages, identifyLanguage, header),
    partialStability: header("enable-partial-results-stabilization") === "true",
    vocabularies: readNames("vocabulary", identifyLanguage, header),
    vocabularyFilters: readNames("vocabulary-filter", identifyLanguage, header),
  };
}

type ReadHeader = (name: string) => string | null;

function readLanguages(operation: Operation, identify: boolean, header: ReadHeader): string[] {
  const code = header("language-code");
  const options = header("language-options")?.split(",") ?? [];
  if ((code !== null) === identify)
    throw new BadRequest("Give either a language code or language identification, one of the two.");
  if (identify && options.length < 2) throw new BadRequest("Language identification needs at least two language options.");
  if (new Set(options.map((option) => option.split("-")[0])).size < options.length) {
    throw new BadRequest("The language options may have one dialect of a language only.");
  }
  if (identify && operation === "call-analytics" && options.length > MAX_LANGUAGE_OPTIONS) {
    throw new BadRequest(`Language identification takes at most ${MAX_LANGUAGE_OPTIONS} language options here.`);
  }
  const preferred = header("preferred-language");
  if (preferred !== null && !options.includes(preferred))
    throw new BadRequest("The preferred language must be one of the options.");
  const languages = code !== null ? [code] : options;
  for (const language of languages) {
    if (!hasLanguage(operation, language))
      throw new BadRequest(`The language code ${language} isn't supported by this operation.`);
  }
  return languages;
}

function readChannels(operation: Operation, header: ReadHeader): 1 | 2 {
  if (operation === "call-analytics") return 2;
  if (header("enable-channel-identification") !== "true") return 1;
  if (header("number-of-channels") !== "2") throw new BadRequest("Channel identification needs NumberOfChannels 2.");
  return 2;
}

/** Reads the names of one kind: one name for one language, a list of names with language identification (API reference). */
function readNames(kind: "vocabulary" | "vocabulary-filter", identify: boolean, header: ReadHeader): string[] {
  const one = header(`${kind}-name`);
  const several = header(`${kind}-names`)?.split(",") ?? [];
  if (identify ? one !== null : several.length > 0) {
    throw new BadRequest(`Use ${kind}-name with one language, and ${kind}-names with language identification.`);
  }
  return one === null ? several : [one];
}

function readPersonalData(
  operation: Operation,
  languages: readonly string[],
  identify: boolean,
  header: ReadHeader,
): TranscribeRequest["personalData"] {
  const redaction = header("content-redaction-type");
  const identification = header("content-identification-type");
  const types = header("pii-entity-types");
  if (redaction === null && identification === null) {
    if (types !== null) throw new BadRequest("PiiEntityTypes needs ContentRedactionType or ContentIdentificationType.");
    return null;
  }
  if (redaction !== null && identification !== null) {
    throw new BadRequest("ContentRedactionType and ContentIdentificationType can't be used together.");
  }
  if ((redaction ?? identification) !== "PII") throw new BadRequest("The content type to redact or identify must be PII.");
  if (identify) throw new BadRequest("Streaming language identification can't be combined with redaction.");
  const unsupported = languages.find((language) => !canRedact(operation, language));
  if (unsupported !== undefined) throw new BadRequest(`PII redaction or identification isn't supported for ${unsupported}.`);
  const allTypes = operation === "standard" ? [...PERSONAL_DATA_TYPES, ...STANDARD_DATA_TYPES] : PERSONAL_DATA_TYPES;
  const wanted = (types ?? "ALL").split(",").map((type) => type.trim());
  const wrong = wanted.find((type) => type !== "ALL" && !allTypes.includes(type));
  if (wrong !== undefined) throw new BadRequest(`${wrong} isn't a PII entity type.`);
  return {
    handling: redaction !== null ? "redact" : "identify",
    types: new Set(wanted.includes("ALL") ? allTypes : wanted),
  };
}

/** Returns the response headers, which repeat the request. */
export function answerHeaders(request: TranscribeRequest, headers: RequestHeaders, requestId: string): Record<string, string> {
  const answer: Record<string, string> = {
    "content-type": "application/vnd.amazon.eventstream",
    "x-amzn-request-id": requestId,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith("x-amzn-transcribe-") && typeof value === "string") answer[name] = value;
  }
  answer["x-amzn-transcribe-session-id"] = request.sessionId;
  return answer;
}

const configurationSchema = v.object({
  ChannelDefinitions: v.array(v.object({ ChannelId: v.picklist([0, 1]), ParticipantRole: v.picklist(["CUSTOMER", "AGENT"]) })),
  PostCallAnalyticsSettings: v.optional(v.object({ OutputLocation: v.string(), DataAccessRoleArn: v.string() })),
});

/** Returns the speaker of channel 0 and of channel 1. @throws BadRequest */
export function readConfiguration(json: string): readonly [Speaker, Speaker] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), configurationSchema), json);
  if (!parsed.success) throw new BadRequest("The configuration event can't be read.");
  const definitions = parsed.output.ChannelDefinitions;
  const customer = definitions.find((definition) => definition.ParticipantRole === "CUSTOMER");
  const agent = definitions.find((definition) => definition.ParticipantRole === "AGENT");
  if (definitions.length !== 2 || customer === undefined || agent === undefined || customer.ChannelId === agent.ChannelId) {
    throw new BadRequest("Two channels must be defined, one for each participant role.");
  }
  return customer.ChannelId === 0 ? ["customer", "agent"] : ["agent", "customer"];
}
