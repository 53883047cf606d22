import * as v from "valibot";
import { type LanguageSettings, usableLanguage } from "../call/languages.ts";

/**
 * The settings of the Lambda functions, read from the environment once per invocation. Endpoints and credentials of AWS
 * are the SDK's own business (`AWS_ENDPOINT_URL_*`, roles) and have no names here.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing or wrong. The message names it and says what is expected, never what it was: it may be a secret. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

export interface HubSettings {
  instanceId: string;
  /** Origin of the hub, e.g. `https://hub.example.com`. */
  hubUrl: string;
  /** Name or ARN of the Secrets Manager secret with the space-separated signing secrets. */
  hubSecretId: string;
  /** Where updates go that the hub would not take; null = they are only counted and logged. */
  deadLetterQueueUrl: string | null;
}

export interface TriggerSettings extends LanguageSettings {
  instanceId: string;
  transcriberFunction: string;
}

export interface TranscriberSettings extends HubSettings {
  /** This function's own name, to hand a long call over to the next invocation; null outside Lambda: no hand-over. */
  ownFunction: string | null;
  handoverAfterMs: number;
  maxHandovers: number;
  /** How long the media stream may be silent before it is re-opened, and then given up. */
  idleMs: number;
  /** How many times faster than real time audio may be sent to Transcribe after a late start. */
  catchUpSpeed: number;
  redactPii: boolean;
  vocabularyName: string | null;
  vocabularyFilterName: string | null;
  recordingsBucket: string | null;
}

const text = v.pipe(v.string(), v.trim(), v.nonEmpty("is empty"));
const optionalText = v.optional(v.pipe(v.string(), v.trim()), "");
const count = (fallback: number) =>
  v.pipe(
    v.optional(v.pipe(v.string(), v.trim(), v.regex(/^\d{1,6}$/, "is no whole number")), String(fallback)),
    v.transform(Number),
  );
const seconds = (fallback: number) =>
  v.pipe(
    v.optional(v.pipe(v.string(), v.trim(), v.regex(/^\d{1,5}(\.\d{1,3})?$/, "is no number of seconds")), String(fallback)),
    v.transform((value) => Number(value) * 1000),
  );
const flag = (fallback: "true" | "false") =>
  v.pipe(
    v.optional(v.picklist(["true", "false"], "is neither true nor false"), fallback),
    v.transform((value) => value === "true"),
  );
const origin = v.pipe(
  text,
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    return url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "";
  }, "is no origin such as https://hub.example.com"),
  v.transform((value) => new URL(value).origin),
);
const languageMap = v.pipe(
  v.optional(v.string(), "{}"),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const map = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())), dataset.value || "{}");
    if (!map.success) {
      addIssue({ message: 'is no JSON object such as {"es-ES":"es-ES"}' });
      return NEVER;
    }
    const unusable = Object.values(map.output).find((code) => usableLanguage(code) === null);
    if (unusable !== undefined) {
      addIssue({ message: `names ${JSON.stringify(unusable)}, which is no streaming language of Amazon Transcribe` });
      return NEVER;
    }
    return map.output;
  }),
);
/** Space- or comma-separated language codes to choose from, the preferred one first; empty = no identification. */
const languageOptions = v.pipe(
  v.optional(v.string(), ""),
  v.transform((value) => value.split(/[\s,]+/).filter((code) => code !== "")),
  v.check((codes) => codes.length !== 1, "needs at least two languages to choose from"),
  v.check((codes) => codes.every((code) => usableLanguage(code) === code), "names no streaming language of Amazon Transcribe"),
);

const hubEntries = { INSTANCE_ID: text, HUB_URL: origin, HUB_SECRET_ID: text, DEAD_LETTER_QUEUE_URL: optionalText };
const hubSchema = v.object(hubEntries);
const triggerSchema = v.object({
  INSTANCE_ID: text,
  TRANSCRIBER_FUNCTION: text,
  LANGUAGE_MAP: languageMap,
  IDENTIFY_LANGUAGE: languageOptions,
});
const transcriberSchema = v.object({
  ...hubEntries,
  AWS_LAMBDA_FUNCTION_NAME: optionalText,
  /** Below Lambda's 15 minutes with room to drain Transcribe and the posts. */
  HANDOVER_AFTER_SECONDS: seconds(780),
  /** 60 times 13 minutes is 13 hours: a call that long is a stuck stream. */
  MAX_HANDOVERS: count(60),
  IDLE_SECONDS: seconds(25),
  CATCH_UP_SPEED: count(4),
  REDACT_PII: flag("true"),
  VOCABULARY_NAME: optionalText,
  VOCABULARY_FILTER_NAME: optionalText,
  RECORDINGS_BUCKET: optionalText,
});

/** Settings of every function that posts to the hub. @throws ConfigError */
export function readHubSettings(environment: Environment): HubSettings {
  return hubSettings(parse(hubSchema, environment));
}

/** @throws ConfigError */
export function readTriggerSettings(environment: Environment): TriggerSettings {
  const settings = parse(triggerSchema, environment);
  return {
    instanceId: settings.INSTANCE_ID,
    transcriberFunction: settings.TRANSCRIBER_FUNCTION,
    languageMap: settings.LANGUAGE_MAP,
    identifyAmong: settings.IDENTIFY_LANGUAGE,
  };
}

/** @throws ConfigError */
export function readTranscriberSettings(environment: Environment): TranscriberSettings {
  const settings = parse(transcriberSchema, environment);
  return {
    ...hubSettings(settings),
    ownFunction: settings.AWS_LAMBDA_FUNCTION_NAME || null,
    handoverAfterMs: settings.HANDOVER_AFTER_SECONDS,
    maxHandovers: settings.MAX_HANDOVERS,
    idleMs: settings.IDLE_SECONDS,
    catchUpSpeed: Math.max(1, settings.CATCH_UP_SPEED),
    redactPii: settings.REDACT_PII,
    vocabularyName: settings.VOCABULARY_NAME || null,
    vocabularyFilterName: settings.VOCABULARY_FILTER_NAME || null,
    recordingsBucket: settings.RECORDINGS_BUCKET || null,
  };
}

function hubSettings(settings: v.InferOutput<typeof hubSchema>): HubSettings {
  return {
    instanceId: settings.INSTANCE_ID,
    hubUrl: settings.HUB_URL,
    hubSecretId: settings.HUB_SECRET_ID,
    deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL || null,
  };
}

function parse<Schema extends v.GenericSchema>(schema: Schema, environment: Environment): v.InferOutput<Schema> {
  const result = v.safeParse(schema, environment);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const name = v.getDotPath(issue) ?? "the environment";
    return issue.received === "undefined" ? `${name} is not set` : `${name} ${issue.message}`;
  });
  throw new ConfigError(`Wrong settings: ${problems.join("; ")}.`);
}
