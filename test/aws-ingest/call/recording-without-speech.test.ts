import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCall } from "../../../aws-ingest/call/call-pipeline.ts";
import type { RecordingBucket } from "../../../aws-ingest/call/call-ports.ts";
import { SpeechFailure } from "../../../aws-ingest/call/speech.ts";
import { connectFragment } from "../media/capture.ts";

const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const OTHER_CONTACT = "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11";
/** Each has 1,024 ms of audio. */
const FRAGMENTS = 200;

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

/** A bucket in memory that takes whole objects and uploads in parts. */
function memoryBucket() {
  const objects = new Map<string, Uint8Array | string>();
  const parts = new Map<number, Uint8Array>();
  const bucket: RecordingBucket = {
    bucket: "kept",
    putObject: async (key, body) => void objects.set(key, body),
    beginUpload: async () => "upload",
    uploadPart: async (_key, _id, number, body) => {
      parts.set(number, body);
      return String(number);
    },
    completeUpload: async (key, _id, listed) =>
      void objects.set(key, Buffer.concat(listed.map(([number]) => parts.get(number) ?? new Uint8Array()))),
    abortUpload: async () => {},
  };
  return { bucket, objects };
}

test("A speech service that is away for a whole call costs the transcript and not the recording.", async () => {
  const { bucket, objects } = memoryBucket();
  async function* readMedia() {
    for (let index = 0; index < FRAGMENTS; index += 1) yield connectFragment(index, {}, CONTACT);
    yield connectFragment(FRAGMENTS, {}, OTHER_CONTACT);
  }
  let sessions = 0;
  const outcome = await runCall(
    {
      ...{
        contactId: CONTACT,
        initialContactId: null,
        streamArn: "arn:aws:kinesisvideo:x",
        startTimestamp: 0,
        startFragment: null,
      },
      ...{ record: true, state: null },
      language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
    },
    {
      media: { readMedia },
      speech: {
        // biome-ignore lint/correctness/useYield: the service refuses before its first result.
        async *transcribe() {
          sessions += 1;
          throw new SpeechFailure("throttled", "LimitExceededException");
        },
      },
      sentiment: { sentimentOf: async () => null },
      hub: { postUpdates: async () => ({ watched: [], undelivered: 0 }) },
      handOver: null,
      observer: { fragmentRead() {}, audioSent() {}, sessionRestarted() {} },
      recordings: bucket,
    },
    {
      ...{ timeToHandOver: new AbortController().signal, maxHandovers: 60, catchUpSpeed: 1_000_000, idleMs: 600_000 },
      ...{ redactPii: true, maskRecordings: true },
    },
  );
  expect(outcome).toMatchObject({
    result: "failed",
    turns: 0,
    incompleteReasons: ["recogniser_throttled_LimitExceededException"],
  });
  expect(sessions).toBeGreaterThan(3);
  const wav = [...objects].find(([key]) => key.endsWith(".wav"))?.[1] ?? "";
  expect(wav.length / 32_000).toBeGreaterThan((FRAGMENTS * 1024) / 1000);
});
