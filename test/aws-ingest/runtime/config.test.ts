import { expect, test } from "vitest";
import { readHubSettings, readTranscriberSettings, readTriggerSettings } from "../../../aws-ingest/runtime/config.ts";

const HUB = { INSTANCE_ID: "i", HUB_URL: "https://hub.example.com", HUB_SECRET_ID: "vigia/hub" };

test("what is not set has its default", () => {
  expect(readTranscriberSettings(HUB)).toEqual({
    instanceId: "i",
    hubUrl: "https://hub.example.com",
    hubSecretId: "vigia/hub",
    deadLetterQueueUrl: null,
    ownFunction: null,
    handoverAfterMs: 780_000,
    maxHandovers: 60,
    idleMs: 25_000,
    catchUpSpeed: 4,
    redactPii: true,
    vocabularyName: null,
    vocabularyFilterName: null,
    recordingsBucket: null,
  });
});

test("an empty text is as good as none, which is how deployments leave a setting out", () => {
  const empty = {
    VOCABULARY_NAME: "",
    RECORDINGS_BUCKET: "",
    DEAD_LETTER_QUEUE_URL: "",
    LANGUAGE_MAP: "",
    IDENTIFY_LANGUAGE: "",
  };
  expect(readTranscriberSettings({ ...HUB, ...empty })).toMatchObject({ vocabularyName: null, recordingsBucket: null });
  expect(readTriggerSettings({ INSTANCE_ID: "i", TRANSCRIBER_FUNCTION: "t", ...empty })).toMatchObject({ languageMap: {} });
});

test.each([
  [{ ...HUB, HUB_URL: "https://hub.example.com/path" }, /HUB_URL is no origin/],
  [{ ...HUB, HUB_URL: "ftp://hub.example.com" }, /HUB_URL is no origin/],
  [{ ...HUB, HUB_URL: undefined }, /HUB_URL is not set/],
  [{ ...HUB, INSTANCE_ID: " " }, /INSTANCE_ID is empty/],
  [{}, /INSTANCE_ID is not set; HUB_URL is not set; HUB_SECRET_ID is not set/],
])("the hub's settings: %o", (environment, message) => {
  expect(() => readHubSettings(environment)).toThrow(message);
});

test.each([
  [{ HANDOVER_AFTER_SECONDS: "soon" }, /HANDOVER_AFTER_SECONDS is no number of seconds/],
  [{ MAX_HANDOVERS: "-1" }, /MAX_HANDOVERS is no whole number/],
  [{ REDACT_PII: "yes" }, /REDACT_PII is neither true nor false/],
])("the transcriber's settings: %o", (environment, message) => {
  expect(() => readTranscriberSettings({ ...HUB, ...environment })).toThrow(message);
});

test.each([
  [{ LANGUAGE_MAP: "es=es-ES" }, /LANGUAGE_MAP is no JSON object/],
  [{ LANGUAGE_MAP: '{"es":"es-XX"}' }, /LANGUAGE_MAP names "es-XX"/],
  [{ IDENTIFY_LANGUAGE: "es-US" }, /IDENTIFY_LANGUAGE needs at least two languages/],
  [{ IDENTIFY_LANGUAGE: "es-US en-XX" }, /IDENTIFY_LANGUAGE names no streaming language/],
])("the trigger's settings: %o", (environment, message) => {
  expect(() => readTriggerSettings({ INSTANCE_ID: "i", TRANSCRIBER_FUNCTION: "t", ...environment })).toThrow(message);
});
