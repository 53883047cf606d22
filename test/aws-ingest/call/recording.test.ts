import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, FIRST_CONTACT, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { audioInWav } from "./wav-audio.ts";

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

/** Returns the audio of both sides interleaved, padded to whole tenths of a second. */
function stereo(sound: CallSound): Buffer {
  const frames = Math.ceil(sound.fromCustomer.length / 800) * 800;
  const samples = new Int16Array(frames * 2);
  for (let index = 0; index < sound.fromCustomer.length; index += 1) {
    samples[index * 2] = sound.fromCustomer[index] ?? 0;
    samples[index * 2 + 1] = sound.toCustomer[index] ?? 0;
  }
  return Buffer.from(samples.buffer);
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Transcribes a call that asks for a recording. Returns the objects under its name. With `inOneInvocation` the handler is called directly. */
async function recordCall(sound: CallSound, inOneInvocation: boolean) {
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  const job = { ...jobFor(contactId, stream, STARTED), record: true };
  if (inOneInvocation) await handler(job);
  else {
    lab.lambda.invokeLater("transcriber", job);
    await lab.lambda.drain();
  }
  const object = (suffix: string) => s3.objects().find(({ key }) => key === `2026/11/23/${contactId}${suffix}`);
  const json = object(".json");
  const transcript: unknown = json && JSON.parse(Buffer.from(json.bytes).toString("utf8"));
  return { contactId, wav: object(".wav"), transcript };
}

test("A short call becomes one WAV object with every sample in its place, and a transcript beside it.", async () => {
  const sound = callSound(seeded(21), 5);
  const { contactId, wav, transcript } = await recordCall(sound, true);
  expect(wav?.parts).toBe(0);
  expect(hash(audioInWav(wav?.bytes ?? new Uint8Array()))).toBe(hash(stereo(sound)));
  const { turns, score } = storyOf(lab.hub, contactId);
  expect(transcript).toMatchObject({
    contactId,
    initialContactId: FIRST_CONTACT,
    startedAt: STARTED,
    language: "en-US",
    recording: wav?.key,
    complete: true,
    score: { customer: score?.customer, agent: score?.agent },
    turns: turns.map(({ turnId, role, beginMs, endMs, text, sentiment }) => ({ turnId, role, beginMs, endMs, text, sentiment })),
  });
});

test("A call that is recorded in parts through hand-overs has the same audio and transcript as in one invocation.", async () => {
  const sound = callSound(seeded(22), 60);
  expect(sound.lengthMs).toBeGreaterThan(170_000);
  const expected = hash(stereo(sound));
  const whole = await recordCall(sound, true);
  // The header with the first audio, and the rest.
  expect(whole.wav?.parts).toBe(2);
  expect(hash(audioInWav(whole.wav?.bytes ?? new Uint8Array()))).toBe(expected);

  // At this speed an invocation sends 76 s of audio at most. A slow machine only makes more hand-overs.
  Object.assign(lab.env, { CATCH_UP_SPEED: "20", HANDOVER_AFTER_SECONDS: "3.8", MAX_HANDOVERS: "1000" });
  const before = lab.lambda.invocations().length;
  const handed = await recordCall(sound, false);
  Object.assign(lab.env, { CATCH_UP_SPEED: "400", HANDOVER_AFTER_SECONDS: "780" });
  expect(lab.lambda.invocations().length - before).toBeGreaterThan(2);
  expect(handed.wav?.parts).toBe(3);
  expect(hash(audioInWav(handed.wav?.bytes ?? new Uint8Array()))).toBe(expected);
  expect(handed.transcript).toMatchObject({
    ...(typeof whole.transcript === "object" ? whole.transcript : {}),
    contactId: handed.contactId,
    recording: handed.wav?.key,
  });
  expect(s3.openUploads()).toBe(0);
}, 240_000);

test("A call with personal data is silenced in the same places through hand-overs as in one invocation.", async () => {
  const sound = callSound(seeded(25), 16, "en", ({ personalData }) => personalData.length > 0);
  const whole = await recordCall(sound, true);
  const expected = hash(audioInWav(whole.wav?.bytes ?? new Uint8Array()));
  expect(expected).not.toBe(hash(stereo(sound)));

  Object.assign(lab.env, { CATCH_UP_SPEED: "20", HANDOVER_AFTER_SECONDS: "1.2", MAX_HANDOVERS: "1000" });
  const before = lab.lambda.invocations().length;
  const handed = await recordCall(sound, false);
  Object.assign(lab.env, { CATCH_UP_SPEED: "400", HANDOVER_AFTER_SECONDS: "780" });
  expect(lab.lambda.invocations().length - before).toBeGreaterThan(1);
  expect(hash(audioInWav(handed.wav?.bytes ?? new Uint8Array()))).toBe(expected);
  expect(handed.transcript).toMatchObject({ personalData: { text: "masked", audio: "masked" } });
}, 120_000);

test("A bucket that refuses costs the recording and leaves the transcription alone, and the outcome names the reason.", async () => {
  const sound = callSound(seeded(23), 3);
  s3.faults.refuse(20, new ServiceError(403, "AccessDenied", "no"));
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  const outcome = await handler({ ...jobFor(contactId, stream, STARTED), record: true });
  expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: ["recording_AccessDenied"] });
});

test("A call that did not ask for a recording is not recorded.", async () => {
  const sound = callSound(seeded(24), 2);
  const contactId = randomUUID();
  const stream = lab.broadcast(contactId, sound, STARTED);
  endCall(stream, STARTED + sound.lengthMs + 5000);
  await handler(jobFor(contactId, stream, STARTED));
  expect(s3.objects().some(({ key }) => key.includes(contactId))).toBe(false);
});
