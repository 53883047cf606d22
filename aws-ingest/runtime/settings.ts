import { SettingsReader } from "../../protocol/settings-reader.ts";
import type { LanguageSettings } from "../call/languages.ts";
import { isStreamedLanguage, type SpeechEngine, usableLanguage } from "../transcribe/languages.ts";

/**
 * The settings of the Lambda functions, read from the environment once per invocation. The SDK itself reads the endpoints and
 * credentials of AWS (`AWS_ENDPOINT_URL_*`, roles), so they have no names here.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings are missing or wrong. The message names all of them and says what to do. It never quotes a value: it may be a secret. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

export interface HubSettings {
  instanceId: string;
  /** Origin of the hub, for example `https://hub.example.com`. */
  hubUrl: string;
  /** Name or ARN of the Secrets Manager secret with the space-separated signing secrets. */
  hubSecretId: string;
  /** SQS queue for updates that the hub refused. null: such updates are only counted and logged. */
  deadLetterQueueUrl: string | null;
}

export interface ReplaySettings extends HubSettings {
  deadLetterQueueUrl: string;
}

export interface ContactEventsSettings extends HubSettings {
  /** Bucket for the mark that a contact has ended. null: the transcriber asks Amazon Connect instead. */
  checkpointsBucket: string | null;
  /** Whether the board shows queues. */
  postQueues: boolean;
}

export interface WatchdogSettings {
  instanceId: string;
  checkpointsBucket: string;
  transcriberFunction: string;
  /** The function that goes on with running calls. It is the transcriber itself where the stack is older. */
  continueFunction: string;
  /** How many calls may be transcribed at once. null: no limit. */
  maxCalls: number | null;
  /** Queue for Lambda's notes of events that it gave up. null: only checkpoints are looked at. */
  failedQueueUrl: string | null;
  /** A call whose checkpoint is older has lost its transcriber. */
  overdueMs: number;
  /** How long the streams keep their sound. */
  streamKeptMs: number;
}

export interface TriggerSettings extends Required<LanguageSettings> {
  instanceId: string;
  transcriberFunction: string;
  /** Bucket with the places of calls. null: the trigger does not know whether one is free. */
  checkpointsBucket: string | null;
  /** How many calls may be transcribed at once. null: no limit. */
  maxCalls: number | null;
}

export interface TranscriberSettings extends HubSettings {
  /** Name of this function, which starts itself again for a call that still waits for a place. null outside Lambda. */
  ownFunction: string | null;
  /** The function that goes on with long calls. null: this one, as in version 0.1.0. */
  continueFunction: string | null;
  /** How many calls may be transcribed at once. null: no limit. */
  maxCalls: number | null;
  handoverAfterMs: number;
  maxHandovers: number;
  /** How long the media stream may be silent before it is opened again, and then given up. */
  idleMs: number;
  /** How many times faster than real time audio may be sent to Transcribe after a late start. */
  catchUpSpeed: number;
  redactPii: boolean;
  /** The recording is silenced where the transcript is masked. */
  maskRecordings: boolean;
  /** Language -> its custom vocabulary. A bare language stands for its other dialects, and `*` for all others. */
  vocabularies: Readonly<Record<string, string>>;
  vocabularyFilters: Readonly<Record<string, string>>;
  recordingsBucket: string | null;
  /** How long a post is tried at least while the hub is away, before it goes to the dead-letter queue. */
  hubPatienceMs: number;
  /** Bucket for the state of running calls. null: a call ends with its process. */
  checkpointsBucket: string | null;
  /** A checkpoint is at most this old. */
  checkpointMs: number;
  /** A checkpoint that was not renewed for so long has lost its process. */
  leaseMs: number;
}

/** Below Lambda's 15 minutes, with room to drain Transcribe and the posts. */
const HANDOVER_AFTER_SECONDS = 780;
/** 60 times 13 minutes is 13 hours. A call of that length is a stuck stream. */
const MAX_HANDOVERS = 60;
const IDLE_SECONDS = 25;
/**
 * GetMedia delivers at most five fragments a second, which are five seconds of sound (Kinesis Video Streams, service quotas, read
 * 2026-11-25). So the source decides, unless its fragments are longer. How fast Transcribe takes sound is documented nowhere.
 */
const CATCH_UP_SPEED = 10;
/** What a dead process had in memory is transcribed again, so this is the most that costs. */
const CHECKPOINT_SECONDS = 20;
/** Longer than a hub that crashed or is deployed stays away. A call that has ended keeps its place for so long at most. */
const HUB_PATIENCE_SECONDS = 120;
/** Two checkpoints may be missed. Lambda retries a crash after 60 s, when the lease is over. */
const LEASE_SECONDS = 45;
/** Three checkpoints were missed, and the lease is over. */
const OVERDUE_SECONDS = 60;
/** The stack's own default for the retention of media streams. */
const STREAM_KEPT_HOURS = 24;
/** The largest maxConcurrentCalls of the stack's settings. */
const MAX_CALLS = 5000;
/** A day is longer than any call. */
const MAX_SECONDS = 86_400;

/** Where the settings of a deployed function come from. */
export const FROM_STACK =
  "The stack sets the environment variables of its functions: correct the settings and run npm run deploy:aws.";
const FROM_OUTPUTS = 'Take the values from the outputs of the stack and from your settings (docs/operate.md, "Dead letters").';

/** Returns the settings of a function that posts to the hub. @throws ConfigError */
export function readHubSettings(environment: Environment): HubSettings {
  const reader = new SettingsReader(environment);
  return checked(reader, hubSettings(reader), FROM_STACK);
}

/** Returns the settings of `npm run replay`, which cannot do without the dead-letter queue. @throws ConfigError */
export function readReplaySettings(environment: Environment): ReplaySettings {
  const reader = new SettingsReader(environment);
  const settings = {
    ...hubSettings(reader),
    deadLetterQueueUrl: reader.requiredText("DEAD_LETTER_QUEUE_URL", "Set it to the stack output UndeliveredQueueUrl."),
  };
  return checked(reader, settings, FROM_OUTPUTS);
}

/** @throws ConfigError */
export function readContactEventsSettings(environment: Environment): ContactEventsSettings {
  const reader = new SettingsReader(environment);
  const checkpointsBucket = reader.optionalText("CHECKPOINTS_BUCKET");
  const postQueues = reader.choice("POST_QUEUES", ["true", "false"]) === "true";
  const settings = { ...hubSettings(reader), checkpointsBucket, postQueues };
  return checked(reader, settings, FROM_STACK);
}

/** @throws ConfigError */
export function readWatchdogSettings(environment: Environment): WatchdogSettings {
  const reader = new SettingsReader(environment);
  const settings = {
    instanceId: instanceId(reader),
    checkpointsBucket: reader.requiredText("CHECKPOINTS_BUCKET", "Set it to the name of the bucket for checkpoints."),
    transcriberFunction: reader.requiredText("TRANSCRIBER_FUNCTION", "Set it to the name of the transcriber's function."),
    continueFunction: reader.optionalText("CONTINUE_FUNCTION") ?? reader.optionalText("TRANSCRIBER_FUNCTION") ?? "",
    maxCalls: maxCalls(reader),
    failedQueueUrl: reader.optionalText("FAILED_QUEUE_URL"),
    overdueMs: reader.decimalNumber("OVERDUE_SECONDS", OVERDUE_SECONDS, 0, MAX_SECONDS) * 1000,
    streamKeptMs: reader.wholeNumber("STREAM_KEPT_HOURS", STREAM_KEPT_HOURS, 1, 87_600) * 3_600_000,
  };
  return checked(reader, settings, FROM_STACK);
}

/** @throws ConfigError */
export function readTriggerSettings(environment: Environment): TriggerSettings {
  const reader = new SettingsReader(environment);
  const settings = {
    instanceId: instanceId(reader),
    transcriberFunction: reader.requiredText("TRANSCRIBER_FUNCTION", "Set it to the name of the transcriber's function."),
    checkpointsBucket: reader.optionalText("CHECKPOINTS_BUCKET"),
    maxCalls: maxCalls(reader),
    languageMap: languageMap(reader),
    identifyAmong: languagesToIdentify(reader),
    engines: engines(reader),
    redactPii: redactPii(reader),
    // Lambda sets it. The functions ask Transcribe in their own Region.
    region: reader.optionalText("AWS_REGION"),
  };
  return checked(reader, settings, FROM_STACK);
}

/** @throws ConfigError */
export function readTranscriberSettings(environment: Environment): TranscriberSettings {
  const reader = new SettingsReader(environment);
  const settings = {
    ...hubSettings(reader),
    ownFunction: reader.optionalText("AWS_LAMBDA_FUNCTION_NAME"),
    continueFunction: reader.optionalText("CONTINUE_FUNCTION"),
    maxCalls: maxCalls(reader),
    handoverAfterMs: reader.decimalNumber("HANDOVER_AFTER_SECONDS", HANDOVER_AFTER_SECONDS, 0, MAX_SECONDS) * 1000,
    maxHandovers: reader.wholeNumber("MAX_HANDOVERS", MAX_HANDOVERS, 0, 1000),
    idleMs: reader.decimalNumber("IDLE_SECONDS", IDLE_SECONDS, 0, MAX_SECONDS) * 1000,
    catchUpSpeed: reader.wholeNumber("CATCH_UP_SPEED", CATCH_UP_SPEED, 1, 1000),
    redactPii: redactPii(reader),
    maskRecordings: reader.choice("MASK_RECORDINGS", ["true", "false"]) === "true",
    vocabularies: namesByLanguage(reader, "VOCABULARIES", "VOCABULARY_NAME"),
    vocabularyFilters: namesByLanguage(reader, "VOCABULARY_FILTERS", "VOCABULARY_FILTER_NAME"),
    recordingsBucket: reader.optionalText("RECORDINGS_BUCKET"),
    hubPatienceMs: reader.decimalNumber("HUB_PATIENCE_SECONDS", HUB_PATIENCE_SECONDS, 0, MAX_SECONDS) * 1000,
    checkpointsBucket: reader.optionalText("CHECKPOINTS_BUCKET"),
    checkpointMs: reader.decimalNumber("CHECKPOINT_SECONDS", CHECKPOINT_SECONDS, 0, MAX_SECONDS) * 1000,
    leaseMs: reader.decimalNumber("LEASE_SECONDS", LEASE_SECONDS, 0, MAX_SECONDS) * 1000,
  };
  return checked(reader, settings, FROM_STACK);
}

/** Reads the settings of every function that posts to the hub. */
export function hubSettings(reader: SettingsReader): HubSettings {
  return {
    instanceId: instanceId(reader),
    hubUrl: reader.requiredOrigin("HUB_URL", "Set it to the hub's origin, for example https://hub.example.com."),
    hubSecretId: reader.requiredText("HUB_SECRET_ID", "Set it to the stack output SigningSecretArn."),
    deadLetterQueueUrl: reader.optionalText("DEAD_LETTER_QUEUE_URL"),
  };
}

function instanceId(reader: SettingsReader): string {
  return reader.requiredText("INSTANCE_ID", "Set it to the stack output InstanceId.");
}

/** Returns how many calls may be transcribed at once, or null when there is no limit. */
function maxCalls(reader: SettingsReader): number | null {
  return reader.optionalText("MAX_CALLS") === null ? null : reader.wholeNumber("MAX_CALLS", 1, 1, MAX_CALLS);
}

function redactPii(reader: SettingsReader): boolean {
  return reader.choice("REDACT_PII", ["true", "false"]) === "true";
}

/** Returns the operator's engine by language. `*` is for every language without an entry. */
function engines(reader: SettingsReader): Readonly<Record<string, SpeechEngine>> {
  const name = "LANGUAGE_ENGINES";
  const chosen: Record<string, SpeechEngine> = {};
  let place = 0;
  for (const [language, engine] of reader.textMap(name, 'Set it to a JSON object such as {"en-US":"standard"}.')) {
    place += 1;
    if (engine === "call-analytics" || engine === "standard") chosen[language] = engine;
    else reader.refuse(name, `names an unknown engine in entry ${place}`, "Set it to call-analytics or standard.");
  }
  return chosen;
}

/**
 * Returns names by language, spelt as Transcribe spells it; a bare language such as `es` stands for its dialects. The older setting
 * has one name for every language.
 * @param olderName the setting of version 0.1.0
 */
function namesByLanguage(reader: SettingsReader, name: string, olderName: string): Readonly<Record<string, string>> {
  const everywhere = reader.optionalText(olderName);
  const names: Record<string, string> = everywhere === null ? {} : { "*": everywhere };
  let place = 0;
  for (const [language, value] of reader.textMap(name, 'Set it to a JSON object such as {"es-US":"nombres"}.')) {
    place += 1;
    const code = language === "*" || isStreamedLanguage(language) ? language : usableLanguage(language);
    if (code === null) {
      const problem = `names a language in entry ${place} that Amazon Transcribe does not stream`;
      reader.refuse(name, problem, "Set it to one of Transcribe's streaming languages.");
    } else names[code] = value;
  }
  return names;
}

function languageMap(reader: SettingsReader): Readonly<Record<string, string>> {
  const advice = 'Set it to a JSON object such as {"es-ES":"es-ES"}.';
  const map = reader.textMap("LANGUAGE_MAP", advice);
  const unusable = [...map.values()].findIndex((code) => usableLanguage(code) === null);
  if (unusable >= 0) {
    const problem = `names a language in entry ${unusable + 1} that Amazon Transcribe does not stream`;
    reader.refuse("LANGUAGE_MAP", problem, "Set it to one of Transcribe's streaming languages.");
  }
  return Object.fromEntries(map);
}

/** Returns the language codes to choose from, the preferred one first. The list is empty when no language is identified. */
function languagesToIdentify(reader: SettingsReader): string[] {
  const codes = reader.words("IDENTIFY_LANGUAGE");
  if (codes.length === 1) {
    reader.refuse("IDENTIFY_LANGUAGE", "names one language", "Name at least two to choose from, or none.");
  }
  const unusable = codes.findIndex((code) => usableLanguage(code) !== code);
  if (unusable >= 0) {
    const problem = `names a language in place ${unusable + 1} that Amazon Transcribe does not stream`;
    reader.refuse("IDENTIFY_LANGUAGE", problem, "Name Transcribe's streaming languages, separated by spaces.");
  }
  return codes;
}

/** Returns the settings. @throws ConfigError if the reader found a problem */
export function checked<Settings>(reader: SettingsReader, settings: Settings, source: string): Settings {
  if (reader.problems.length === 0) return settings;
  throw new ConfigError([...reader.problems.map(({ message }) => message), source].join("\n"));
}
