import { expect, test } from "vitest";
import {
  ConfigError,
  readHubSettings,
  readReplaySettings,
  readTranscriberSettings,
  readTriggerSettings,
} from "../../../aws-ingest/runtime/settings.ts";

const HUB = { INSTANCE_ID: "i", HUB_URL: "https://hub.example.com", HUB_SECRET_ID: "vigia/hub" };
const TRIGGER = { INSTANCE_ID: "i", TRANSCRIBER_FUNCTION: "t" };

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

test("A setting of the transcriber that is not set has its default.", () => {
  expect(readTranscriberSettings(HUB)).toEqual({
    instanceId: "i",
    hubUrl: "https://hub.example.com",
    hubSecretId: "vigia/hub",
    deadLetterQueueUrl: null,
    ownFunction: null,
    continueFunction: null,
    maxCalls: null,
    hubPatienceMs: 120_000,
    handoverAfterMs: 780_000,
    maxHandovers: 60,
    idleMs: 25_000,
    catchUpSpeed: 10,
    redactPii: true,
    maskRecordings: true,
    vocabularies: {},
    vocabularyFilters: {},
    recordingsBucket: null,
    checkpointsBucket: null,
    checkpointMs: 20_000,
    leaseMs: 45_000,
  });
});

test("A setting of the transcriber that is set wins over its default.", () => {
  const set = {
    DEAD_LETTER_QUEUE_URL: "https://sqs.example.com/q",
    AWS_LAMBDA_FUNCTION_NAME: "own",
    HANDOVER_AFTER_SECONDS: "1.5",
    MAX_HANDOVERS: "7",
    IDLE_SECONDS: "2",
    CATCH_UP_SPEED: "9",
    REDACT_PII: "false",
    VOCABULARY_NAME: "names",
    VOCABULARY_FILTERS: '{"es-us":"filtro","en":"words","*":"rest"}',
    MASK_RECORDINGS: "false",
    RECORDINGS_BUCKET: "bucket",
  };
  expect(readTranscriberSettings({ ...HUB, ...set })).toMatchObject({
    deadLetterQueueUrl: "https://sqs.example.com/q",
    ownFunction: "own",
    handoverAfterMs: 1500,
    maxHandovers: 7,
    idleMs: 2000,
    catchUpSpeed: 9,
    redactPii: false,
    maskRecordings: false,
    vocabularies: { "*": "names" },
    vocabularyFilters: { "es-US": "filtro", en: "words", "*": "rest" },
    recordingsBucket: "bucket",
  });
});

test("An empty setting counts as not set, because a deployment leaves a setting out that way.", () => {
  const empty = {
    VOCABULARY_NAME: "",
    RECORDINGS_BUCKET: "",
    DEAD_LETTER_QUEUE_URL: "",
    LANGUAGE_MAP: "",
    IDENTIFY_LANGUAGE: "",
    MAX_HANDOVERS: "",
  };
  expect(readTranscriberSettings({ ...HUB, ...empty })).toMatchObject({
    vocabularies: {},
    recordingsBucket: null,
    deadLetterQueueUrl: null,
    maxHandovers: 60,
  });
  expect(readTriggerSettings({ ...TRIGGER, ...empty })).toEqual({
    ...{ instanceId: "i", transcriberFunction: "t", languageMap: {}, identifyAmong: [], engines: {} },
    ...{ redactPii: true, region: null, checkpointsBucket: null, maxCalls: null },
  });
});

test("All missing settings of the hub client are named at once, each with its cure, and then where the values come from.", () => {
  expect(messageOf(() => readHubSettings({})).split("\n")).toEqual([
    "INSTANCE_ID is not set. Set it to the stack output InstanceId.",
    "HUB_URL is not set. Set it to the hub's origin, for example https://hub.example.com.",
    "HUB_SECRET_ID is not set. Set it to the stack output SigningSecretArn.",
    expect.stringContaining("npm run deploy:aws"),
  ]);
});

test("A replay without settings names all four, and the chapter of the runbook that has them.", () => {
  const lines = messageOf(() => readReplaySettings({ ...HUB, INSTANCE_ID: " ", HUB_SECRET_ID: undefined })).split("\n");
  expect(lines).toEqual([
    "INSTANCE_ID is not set. Set it to the stack output InstanceId.",
    "HUB_SECRET_ID is not set. Set it to the stack output SigningSecretArn.",
    "DEAD_LETTER_QUEUE_URL is not set. Set it to the stack output UndeliveredQueueUrl.",
    expect.stringContaining('docs/operate.md, "Dead letters"'),
  ]);
});

test.each(["https://hub.example.com/path", "ftp://hub.example.com", "hub.example.com", "https://hub.example.com/?a=b"])(
  "HUB_URL %s is refused because it is not an origin.",
  (HUB_URL) => {
    expect(messageOf(() => readHubSettings({ ...HUB, HUB_URL }))).toMatch(/^HUB_URL is not the origin of a web address\./);
  },
);

test.each([
  [{ HANDOVER_AFTER_SECONDS: "soon" }, "HANDOVER_AFTER_SECONDS is not a number from 0 to 86400."],
  [{ IDLE_SECONDS: "1e3" }, "IDLE_SECONDS is not a number from 0 to 86400."],
  [{ MAX_HANDOVERS: "-1" }, "MAX_HANDOVERS is not a whole number from 0 to 1000."],
  [{ CATCH_UP_SPEED: "0" }, "CATCH_UP_SPEED is not a whole number from 1 to 1000."],
  [{ REDACT_PII: "yes" }, "REDACT_PII has an unknown value. Set it to true or false."],
  [{ VOCABULARIES: '{"es-US":"nombres","es-XX":"n"}' }, "VOCABULARIES names a language in entry 2 that"],
  [{ VOCABULARY_FILTERS: "words" }, "VOCABULARY_FILTERS is not a JSON object of texts."],
])("The transcriber refuses %j and says why.", (environment, message) => {
  expect(messageOf(() => readTranscriberSettings({ ...HUB, ...environment }))).toContain(message);
});

test.each([
  [{ LANGUAGE_MAP: "es=es-ES" }, "LANGUAGE_MAP is not a JSON object of texts."],
  [{ LANGUAGE_MAP: '{"en":"en-US","es":"es-XX"}' }, "LANGUAGE_MAP names a language in entry 2 that"],
  [{ LANGUAGE_ENGINES: '{"en":"standard","es":"XX"}' }, "LANGUAGE_ENGINES names an unknown engine in entry 2."],
  [{ IDENTIFY_LANGUAGE: "es-US" }, "IDENTIFY_LANGUAGE names one language."],
  [{ IDENTIFY_LANGUAGE: "es-US en-XX" }, "IDENTIFY_LANGUAGE names a language in place 2 that"],
])("The trigger refuses %j and says why, without the value.", (environment, message) => {
  const refusal = messageOf(() => readTriggerSettings({ ...TRIGGER, ...environment }));
  expect(refusal).toContain(message);
  expect(refusal).not.toMatch(/XX|es=/);
});
