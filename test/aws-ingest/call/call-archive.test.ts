import { expect, test } from "vitest";
import { CallArchive } from "../../../aws-ingest/call/call-archive.ts";
import type { RecordingBucket } from "../../../aws-ingest/call/call-ports.ts";
import { CallTranscript } from "../../../aws-ingest/call/call-transcript.ts";
import { type CallState, INITIAL_STATE, parseTranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import { scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { aTurn } from "../../support/updates.ts";

const KEY = "2026/11/23/contact-2";
const STARTED = Date.UTC(2026, 10, 23, 23, 59);
const NEW_CALL = {
  contactId: "contact-2",
  initialContactId: "contact-1",
  streamArn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1",
  startTimestamp: STARTED,
  language: { service: "call-analytics", languageCode: "es-US", identify: [], comprehendLanguage: null, redaction: true },
  record: true,
  state: null,
};
const BEFORE: CallState = {
  ...INITIAL_STATE,
  handoverCount: 1,
  t0Ms: STARTED,
};
/** More text than a hand-over carries. */
const LONG = "x".repeat(10_000);
const LONG_TURNS = Array.from({ length: 16 }, (_, index) =>
  aTurn({ turnId: `turn-${index}`, beginMs: index * 1000, endMs: index * 1000 + 900, text: LONG }),
);

function memoryStore(fail: { put: boolean } = { put: false }) {
  const objects = new Map<string, unknown>();
  const refuse = () => Promise.reject(new Error("This call is too short for an upload."));
  const store: RecordingBucket = {
    bucket: "recordings",
    async putObject(key, body) {
      if (fail.put) throw Object.assign(new Error("no"), { name: "SlowDown" });
      objects.set(key, typeof body === "string" ? JSON.parse(body) : body.length);
    },
    beginUpload: refuse,
    uploadPart: refuse,
    completeUpload: refuse,
    abortUpload: refuse,
  };
  return { store, objects };
}

const SUMMARY = { startedAt: STARTED + 7, audioMs: 61_000, score: scoreContact([]), categories: ["refund"] };

test("An archive stores the recording and a transcript in the order of speech, under the day on which the call began.", async () => {
  const { store, objects } = memoryStore();
  const archive = new CallArchive(store, parseTranscriberJob(NEW_CALL), new Set());
  archive.recordChunk({ firstFrame: frames(0), pcm: new Uint8Array(3200) });
  archive.addUpdates([
    aTurn({ turnId: "b", beginMs: 5000 }),
    aTurn({ turnId: "a", beginMs: 1000 }),
    aTurn({ turnId: "c", final: false }),
  ]);
  archive.addUpdates([aTurn({ turnId: "b", beginMs: 5000, text: "corrected" })]);
  await archive.finish(SUMMARY);
  expect(objects.get(`${KEY}.wav`)).toBe(3244);
  expect(objects.get(`${KEY}.json`)).toMatchObject({
    contactId: "contact-2",
    initialContactId: "contact-1",
    startedAt: STARTED + 7,
    audioMs: 61_000,
    language: "es-US",
    recording: `${KEY}.wav`,
    complete: true,
    incompleteReasons: [],
    categories: ["refund"],
    turns: [{ turnId: "a" }, { turnId: "b", text: "corrected" }],
  });
});

test("An archive carries a short transcript through a hand-over, and withdraws a turn of the invocation before.", async () => {
  const { store, objects } = memoryStore();
  const before = new CallArchive(store, parseTranscriberJob(NEW_CALL), new Set());
  before.addUpdates([aTurn({ turnId: "a", beginMs: 1000 }), aTurn({ turnId: "b", beginMs: 5000 })]);
  const state = { ...BEFORE, ...(await before.suspend()) };
  expect(objects.size).toBe(0);
  const after = new CallArchive(store, parseTranscriberJob({ ...NEW_CALL, state }), new Set(["late_audio"]));
  expect(after.keepFrom).toBe(0);
  after.addUpdates([aTurn({ turnId: "a", beginMs: 1000, text: "" })]);
  await after.finish(SUMMARY);
  expect(objects.get(`${KEY}.json`)).toMatchObject({
    complete: false,
    incompleteReasons: ["late_audio"],
    recording: null,
    turns: [{ turnId: "b" }],
  });
  expect(objects.get(`${KEY}.json`)).not.toHaveProperty("earlierTurns");
});

test("An archive stores a transcript that is too long for a hand-over, and names the objects of all hand-overs at the end.", async () => {
  const { store, objects } = memoryStore();
  let state: CallState = BEFORE;
  for (let handOver = 0; handOver < 2; handOver += 1) {
    const archive = new CallArchive(store, parseTranscriberJob({ ...NEW_CALL, state }), new Set());
    archive.addUpdates(LONG_TURNS);
    state = { ...state, ...JSON.parse(JSON.stringify(await archive.suspend())) };
    expect(state.transcript?.turns).toEqual([]);
  }
  const last = new CallArchive(store, parseTranscriberJob({ ...NEW_CALL, state }), new Set());
  last.addUpdates([aTurn({ turnId: "last" })]);
  await last.finish(SUMMARY);
  const earlierTurns = [`${KEY}.turns-1.json`, `${KEY}.turns-2.json`];
  expect(objects.get(`${KEY}.json`)).toMatchObject({ turns: [{ turnId: "last" }], earlierTurns });
  for (const key of earlierTurns) expect(objects.get(key)).toMatchObject({ turns: { length: LONG_TURNS.length } });
});

test("An archive goes on with the recording of the invocation before.", () => {
  const recording = { uploadId: "upload-1", parts: [], nextFrame: frames(8000), broken: false };
  const job = parseTranscriberJob({ ...NEW_CALL, state: { ...BEFORE, recording } });
  expect(new CallArchive(memoryStore().store, job, new Set()).keepFrom).toBe(8000);
});

test("An archive whose store fails names the error as a reason and does not throw.", async () => {
  const { store } = memoryStore({ put: true });
  const reasons = new Set<string>();
  const archive = new CallArchive(store, parseTranscriberJob(NEW_CALL), reasons);
  archive.addUpdates(LONG_TURNS);
  await archive.suspend();
  expect([...reasons]).toEqual(["recording_SlowDown"]);
  await archive.finish(SUMMARY);
  expect([...reasons]).toEqual(["recording_SlowDown"]);
});

test("An archive whose call another transcriber stores aborts the upload that it began.", async () => {
  const calls: string[] = [];
  const store: RecordingBucket = {
    ...memoryStore().store,
    beginUpload: async () => "upload-1",
    uploadPart: async (_key, _uploadId, number) => String(calls.push(`part ${number}`)),
    abortUpload: async (_key, uploadId) => void calls.push(`abort ${uploadId}`),
  };
  const archive = new CallArchive(store, parseTranscriberJob(NEW_CALL), new Set());
  // A part has 164 s.
  const pcm = new Uint8Array(164 * 8000 * 4);
  for (const part of [0, 1]) archive.recordChunk({ firstFrame: frames(part * 164 * 8000), pcm });
  await archive.abandon();
  expect(calls).toEqual(["part 2", "part 3", "abort upload-1"]);
});

test("The transcript beside a recording leaves out a withdrawn turn.", async () => {
  const transcript = new CallTranscript({ turns: [], earlier: [] });
  transcript.addUpdates([aTurn({ turnId: "a" }), aTurn({ turnId: "b" }), aTurn({ turnId: "a", text: "" })]);
  await transcript.unload(String, () => Promise.reject(new Error("The transcript fits into the hand-over.")));
  expect(transcript.state().turns.map(({ turnId }) => turnId)).toEqual(["b"]);
});

test.each([
  [true, 0, 0],
  [false, 7, 7],
])("A wait before the conversation is in the recording. Masked: %s, so its samples are %d.", async (masked, customer, agent) => {
  const bodies = new Map<string, Uint8Array | string>();
  const refuse = () => Promise.reject(new Error("This call is too short for an upload."));
  const store: RecordingBucket = {
    bucket: "recordings",
    putObject: async (key, body) => void bodies.set(key, body),
    beginUpload: refuse,
    uploadPart: refuse,
    completeUpload: refuse,
    abortUpload: refuse,
  };
  const archive = new CallArchive(store, parseTranscriberJob(NEW_CALL), new Set(), { text: masked, recording: masked });
  archive.recordChunk({ firstFrame: frames(0), pcm: new Uint8Array(new Int16Array(2 * 16_000).fill(7).buffer) });
  archive.passWait(0, 1000);
  archive.settleUntil(2000);
  await archive.finish({ ...SUMMARY, conversationMs: 1000 });
  const wav = bodies.get(`${KEY}.wav`);
  if (!(wav instanceof Uint8Array)) throw new Error("There is no recording.");
  const samples = new Int16Array(Uint8Array.from(wav.subarray(44)).buffer);
  expect(samples).toHaveLength(2 * 16_000);
  expect(new Set(samples.subarray(0, 2 * 8000))).toEqual(new Set([customer, agent]));
  expect(new Set(samples.subarray(2 * 8000))).toEqual(new Set([7]));
  const transcript = JSON.parse(String(bodies.get(`${KEY}.json`)));
  expect(transcript).toMatchObject({
    conversationBeginMs: 1000,
    personalData: { audio: masked ? "masked" : "in-clear" },
  });
});
