import { Readable } from "node:stream";
import {
  type AudioStream,
  CallAnalyticsLanguageCode,
  LanguageCode,
  StartCallAnalyticsStreamTranscriptionCommand,
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from "@aws-sdk/client-transcribe-streaming";
import type { LanguagePlan } from "../call/languages.ts";
import {
  type SpeechEvent,
  SpeechFailure,
  type SpeechFailureReason,
  type SpeechOption,
  type SpeechRequest,
} from "../call/speech.ts";
import { eventsOfAnalytics, eventsOfTranscript } from "./transcribe-events.ts";

/** What the operator asked for, besides the language. */
export interface TranscriptionOptions {
  redactPii: boolean;
  /** Language -> its custom vocabulary. A bare language stands for its other dialects, and `*` for all others. */
  vocabularies: Readonly<Record<string, string>>;
  /** Language -> its vocabulary filter, in the same form. */
  vocabularyFilters: Readonly<Record<string, string>>;
}

/**
 * Runs one streaming session of Amazon Transcribe: Call Analytics or standard, as the plan says. The SDK does not retry streams.
 * @throws SpeechFailure if the session breaks off
 */
export async function* transcribe(
  request: SpeechRequest,
  options: TranscriptionOptions,
): AsyncGenerator<SpeechEvent, void, undefined> {
  const client = new TranscribeStreamingClient({ maxAttempts: 1, logger: SILENT });
  const wasCut = watchAnswer(client);
  try {
    if (request.plan.service === "call-analytics") yield* callAnalytics(client, request, options);
    else yield* standard(client, request, options);
    if (wasCut()) throw new SpeechFailure("unavailable", "ConnectionCut");
  } catch (error) {
    throw failureOf(error, optionsOf(request, options));
  } finally {
    client.destroy();
  }
}

/** Returns a function that says whether the connection broke. The SDK reports a broken connection as a normal end. */
function watchAnswer(client: TranscribeStreamingClient): () => boolean {
  let body: unknown = null;
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { response } = result;
      if (typeof response === "object" && response !== null && "body" in response) body = response.body;
      return result;
    },
    { step: "deserialize", name: "watchAnswer" },
  );
  return () => !(body instanceof Readable && body.readableEnded);
}

async function* callAnalytics(client: TranscribeStreamingClient, request: SpeechRequest, options: TranscriptionOptions) {
  const command = new StartCallAnalyticsStreamTranscriptionCommand({
    ...commonInput(request, options),
    ...languageInput(request.plan, Object.values(CallAnalyticsLanguageCode)),
    AudioStream: analyticsAudio(request.audio),
  });
  const output = await client.send(command, { abortSignal: request.signal });
  const redacted = output.ContentRedactionType === "PII";
  for await (const result of output.CallAnalyticsTranscriptResultStream ?? []) yield* eventsOfAnalytics(result, redacted);
}

async function* standard(client: TranscribeStreamingClient, request: SpeechRequest, options: TranscriptionOptions) {
  const command = new StartStreamTranscriptionCommand({
    ...commonInput(request, options),
    ...languageInput(request.plan, Object.values(LanguageCode)),
    EnableChannelIdentification: true,
    NumberOfChannels: 2,
    AudioStream: plainAudio(request.audio),
  });
  const output = await client.send(command, { abortSignal: request.signal });
  const redacted = output.ContentRedactionType === "PII";
  for await (const result of output.TranscriptResultStream ?? []) yield* eventsOfTranscript(result, redacted);
}

function commonInput(request: SpeechRequest, options: TranscriptionOptions) {
  const { plan } = request;
  const used = optionsOf(request, options);
  const identify = plan.identify.length > 0;
  const vocabularies = used.includes("vocabulary") ? namesFor(plan, options.vocabularies).join(",") : "";
  const filters = used.includes("vocabulary-filter") ? namesFor(plan, options.vocabularyFilters).join(",") : "";
  return {
    MediaEncoding: "pcm",
    MediaSampleRateHertz: request.sampleRateHz,
    SessionId: request.sessionId,
    ...(used.includes("redaction") && { ContentRedactionType: "PII" as const }),
    ...(vocabularies !== "" && (identify ? { VocabularyNames: vocabularies } : { VocabularyName: vocabularies })),
    ...(filters !== "" && {
      ...(identify ? { VocabularyFilterNames: filters } : { VocabularyFilterName: filters }),
      VocabularyFilterMethod: "mask" as const,
    }),
  } as const;
}

/** Returns the options that the request uses, those first that a call misses least when the service refuses one of them. */
function optionsOf({ plan, without }: SpeechRequest, options: TranscriptionOptions): SpeechOption[] {
  const asked: SpeechOption[] = [
    ...(namesFor(plan, options.vocabularies).length > 0 ? (["vocabulary"] as const) : []),
    ...(plan.service === "call-analytics" ? (["call-analytics"] as const) : []),
    ...(plan.identify.length > 0 ? (["identification"] as const) : []),
    ...(namesFor(plan, options.vocabularyFilters).length > 0 ? (["vocabulary-filter"] as const) : []),
    // Transcribe refuses redaction beside identification.
    ...(options.redactPii && plan.redaction && plan.identify.length === 0 ? (["redaction"] as const) : []),
  ];
  return asked.filter((option) => without?.has(option) !== true);
}

/**
 * Returns the names for the languages of the plan. With identification every language needs a name, because Transcribe fails a
 * session when no name fits the language that it identifies (API reference, VocabularyNames).
 */
function namesFor(plan: LanguagePlan, byLanguage: Readonly<Record<string, string>>): string[] {
  const languages = plan.identify.length > 0 ? plan.identify : [plan.languageCode];
  const names = languages.flatMap((code) => byLanguage[code] ?? byLanguage[code.split("-")[0] ?? code] ?? byLanguage["*"] ?? []);
  return names.length === languages.length ? [...new Set(names)] : [];
}

/** Finds the language of the plan among the SDK's literal types, because the SDK takes no other text. */
function languageInput<Code extends string>(plan: LanguagePlan, known: readonly Code[]) {
  const code = known.find((candidate) => candidate === plan.languageCode);
  if (code === undefined) throw new SpeechFailure("rejected", "UnknownLanguage");
  if (plan.identify.length === 0) return { LanguageCode: code };
  return { IdentifyLanguage: true, LanguageOptions: plan.identify.join(","), PreferredLanguage: code };
}

/** Sends the roles of the channels first, because Call Analytics refuses audio before it knows them. */
async function* analyticsAudio(audio: AsyncIterable<Uint8Array>): AsyncGenerator<AudioStream> {
  yield {
    ConfigurationEvent: {
      ChannelDefinitions: [
        { ChannelId: 0, ParticipantRole: "CUSTOMER" },
        { ChannelId: 1, ParticipantRole: "AGENT" },
      ],
    },
  };
  yield* plainAudio(audio);
}

async function* plainAudio(audio: AsyncIterable<Uint8Array>): AsyncGenerator<AudioStream> {
  for await (const chunk of audio) yield { AudioEvent: { AudioChunk: chunk } };
}

/** Silences the SDK, which prints a line for every broken session. The caller logs these with the contact id. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const FAILURES: Readonly<Record<string, SpeechFailureReason>> = {
  ConflictException: "superseded",
  LimitExceededException: "throttled",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
};

/** Words in the message of a rejection that name the refused option. The message itself is never kept: it may quote the request. */
const HINTS: readonly [pattern: RegExp, option: SpeechOption][] = [
  [/vocabulary.?filter/i, "vocabulary-filter"],
  [/vocabular/i, "vocabulary"],
  [/redact|\bpii\b|personal/i, "redaction"],
  [/identif/i, "identification"],
  [/analytic|region/i, "call-analytics"],
];

function failureOf(error: unknown, options: readonly SpeechOption[]): SpeechFailure {
  if (error instanceof SpeechFailure) return error;
  if (!(error instanceof Error)) return new SpeechFailure("unavailable", "unknown");
  const known = FAILURES[error.name];
  if (known !== undefined) return new SpeechFailure(known, error.name);
  // "No new audio was received for 15 seconds" is the only BadRequestException that a repeated session can cure.
  if (error.name === "BadRequestException" && /no new audio|15 seconds/i.test(error.message)) {
    return new SpeechFailure("starved", error.name);
  }
  const ours = "$fault" in error && error.$fault === "client";
  if (!ours && error.name !== "BadRequestException") return new SpeechFailure("unavailable", error.name);
  const meant = HINTS.filter(([pattern]) => pattern.test(error.message)).map(([, option]) => option);
  const suspected = meant.filter((option) => options.includes(option));
  return new SpeechFailure("rejected", error.name, [...new Set([...suspected, ...options])]);
}
