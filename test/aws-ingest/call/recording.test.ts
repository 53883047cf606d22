import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NO_RECORDING, Recording } from "../../../aws-ingest/call/recording.ts";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

const BUCKET = "vigia-recordings";
const STARTED = Date.UTC(2026, 10, 23, 12);

let lab: IngestLab;
let s3: LocalS3;
beforeAll(async () => {
  s3 = await startS3({ buckets: [BUCKET] });
  lab = await startIngestLab({ RECORDINGS_BUCKET: BUCKET, AWS_ENDPOINT_URL_S3: s3.url });
});
afterAll(async () => {
  await lab.close();
  await s3.close();
});
beforeEach(() => {
  s3.faults.clear();
  Object.assign(process.env, lab.env);
});

/** The call's sound as one stereo track, filled up to whole tenths of a second. */
function stereo(sound: CallSound): Buffer {
  const frames = Math.ceil(sound.fromCustomer.length / 800) * 800;
  const samples = new Int16Array(frames * 2);
  for (let index = 0; index < sound.fromCustomer.length; index += 1) {
    samples[index * 2] = sound.fromCustomer[index] ?? 0;
    samples[index * 2 + 1] = sound.toCustomer[index] ?? 0;
  }
  return Buffer.from(samples.buffer);
}

/** The sound of a WAV file, whatever chunks stand before it; checks what players check. */
function soundOf(wav: Uint8Array): Buffer {
  const bytes = Buffer.from(wav);
  expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 12)).toBe("RIFFWAVE");
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  let at = 12;
  for (;;) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === "fmt ") {
      expect([bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 12)]).toEqual([1, 2, 8000]);
    }
    if (name === "data") {
      expect(at + 8 + size).toBe(bytes.length);
      return bytes.subarray(at + 8);
    }
    at += 8 + size;
  }
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Transcribes a call that asks to be recorded; gives back what is in the bucket under its name. */
async function record(sound: CallSound, byHand: boolean) {
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  const job = { ...jobFor(contactId, stream, STARTED), record: true };
  if (byHand) await handler(job);
  else {
    lab.lambda.invokeLater("transcriber", job);
    await lab.lambda.drain();
  }
  const object = (suffix: string) => s3.objects().find(({ key }) => key === `2026/11/23/${contactId}${suffix}`);
  const json = object(".json");
  const transcript: unknown = json && JSON.parse(Buffer.from(json.bytes).toString("utf8"));
  return { contactId, wav: object(".wav"), transcript };
}

test("a short call is one WAV object with every sample in its place, and a transcript beside it", async () => {
  const sound = callSound(seeded(21), 5);
  const { contactId, wav, transcript } = await record(sound, true);
  expect(wav?.parts).toBe(0);
  expect(hash(soundOf(wav?.bytes ?? new Uint8Array()))).toBe(hash(stereo(sound)));
  const { turns, score } = storyOf(lab.hub, contactId);
  expect(transcript).toMatchObject({
    contactId,
    startedAt: STARTED,
    language: "en-US",
    recording: wav?.key,
    complete: true,
    score: { customer: score?.customer, agent: score?.agent },
    turns: turns.map(({ turnId, role, beginMs, endMs, text, sentiment }) => ({ turnId, role, beginMs, endMs, text, sentiment })),
  });
});

test("a call recorded through hand-overs, in parts, is the same sound and the whole transcript", async () => {
  const sound = callSound(seeded(22), 60);
  expect(sound.lengthMs).toBeGreaterThan(170_000);
  const expected = hash(stereo(sound));
  const whole = await record(sound, true);
  expect(whole.wav?.parts).toBe(0);
  expect(hash(soundOf(whole.wav?.bytes ?? new Uint8Array()))).toBe(expected);

  Object.assign(lab.env, { CATCH_UP_SPEED: "40", HANDOVER_AFTER_SECONDS: "1.9" });
  const before = lab.lambda.invocations().length;
  const handed = await record(sound, false);
  Object.assign(lab.env, { CATCH_UP_SPEED: "400", HANDOVER_AFTER_SECONDS: "780" });
  expect(lab.lambda.invocations().length - before).toBeGreaterThan(2);
  expect(handed.wav?.parts).toBe(3);
  expect(hash(soundOf(handed.wav?.bytes ?? new Uint8Array()))).toBe(expected);
  expect(handed.transcript).toMatchObject({
    ...(typeof whole.transcript === "object" ? whole.transcript : {}),
    contactId: handed.contactId,
    recording: handed.wav?.key,
  });
  expect(s3.openUploads()).toBe(0);
});

test("a bucket that refuses costs the recording and not the transcription, and the outcome says so", async () => {
  const sound = callSound(seeded(23), 3);
  s3.faults.refuse(20, new ServiceError(403, "AccessDenied", "no"));
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  const outcome = await handler({ ...jobFor(contactId, stream, STARTED), record: true });
  expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: ["recording_AccessDenied"] });
});

test("a call that did not ask is not recorded", async () => {
  const sound = callSound(seeded(24), 2);
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  await handler(jobFor(contactId, stream, STARTED));
  expect(s3.objects().some(({ key }) => key.includes(contactId))).toBe(false);
});

test("of sound that is known in part only the rest is added", async () => {
  const kept: Uint8Array[] = [];
  const never = () => Promise.reject(new Error("too short for parts"));
  const store = { beginUpload: never, uploadPart: never, completeUpload: never, abortUpload: never };
  const putObject = async (_: string, body: Uint8Array | string) => void kept.push(Buffer.from(body));
  const recording = new Recording({ ...store, putObject }, "call.wav", NO_RECORDING, () => {});
  const pcm = (from: number, to: number) => Uint8Array.from({ length: (to - from) * 4 }, (_, at) => from * 4 + at);
  for (const [from, to] of [
    [0, 8],
    [4, 12],
    [6, 10],
    [12, 20],
  ] as const)
    recording.appendChunk({ firstFrame: frames(from), pcm: pcm(from, to) });
  await recording.finish();
  expect(soundOf(kept[0] ?? new Uint8Array())).toEqual(Buffer.from(pcm(0, 20)));
});
