import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openCallObjects } from "../../../aws-ingest/clients/checkpoints.ts";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, INSTANCE, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { audioInWav } from "../call/wav-audio.ts";

const RECORDINGS = "vigia-recordings";
const CHECKPOINTS = "vigia-checkpoints";
const STARTED = Date.UTC(2026, 10, 23, 12);
/** How long a connection is silent before it ends. */
const IDLE_MS = 400;
/** Several silences in a row. */
const LONG_PAUSE_MS = IDLE_MS * 5;
/** On the call's own clock, streaming was stopped for so long. */
const STOPPED_MS = 90_000;

let lab: IngestLab;
let s3: LocalS3;
beforeAll(async () => {
  s3 = await startS3({ buckets: [RECORDINGS, CHECKPOINTS] });
  lab = await startIngestLab({
    RECORDINGS_BUCKET: RECORDINGS,
    CHECKPOINTS_BUCKET: CHECKPOINTS,
    AWS_ENDPOINT_URL_S3: s3.url,
    IDLE_SECONDS: String(IDLE_MS / 1000),
  });
});
afterAll(async () => {
  await lab.close();
  await s3.close();
});
afterEach(() => {
  Object.assign(process.env, lab.env);
  lab.connect.faults.clear();
  lab.transcribe.faults.clear();
});

const [first, second] = [callSound(seeded(51), 6), callSound(seeded(52), 5)];
const TURNS = first.lines.length + second.lines.length;
const RESTARTED = STARTED + first.lengthMs + STOPPED_MS;
const texts = (...sounds: CallSound[]) => sounds.flatMap(({ lines }) => lines.map(({ phrase }) => phrase.text)).toSorted();
const textsOnHub = (contactId: string) =>
  storyOf(lab.hub, contactId)
    .turns.map(({ text }) => text)
    .toSorted();
const endsOnHub = (contactId: string) =>
  lab.hub.updates().filter((update) => update.type === "contact.ended" && update.contactId === contactId).length;
const object = (contactId: string, suffix: string) => s3.objects().find(({ key }) => key.endsWith(`${contactId}${suffix}`));
const jsonOf = (contactId: string) => JSON.parse(Buffer.from(object(contactId, ".json")?.bytes ?? []).toString() || "null");

describe("A call whose streaming is stopped and started again", () => {
  test("goes on with the turns behind the pause, and does not end in between.", async () => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, null);
    const stream = lab.broadcast(contactId, first, STARTED);
    const outcome = handler(jobFor(contactId, stream, STARTED));
    await expect.poll(() => textsOnHub(contactId)).toEqual(texts(first));
    await sleep(LONG_PAUSE_MS);
    expect(endsOnHub(contactId)).toBe(0);
    stream.write({ contactId, atMs: RESTARTED, fromCustomer: second.fromCustomer, toCustomer: second.toCustomer });
    await expect.poll(() => textsOnHub(contactId)).toEqual(texts(first, second));
    lab.connect.contacts.set(contactId, RESTARTED + second.lengthMs);
    expect(await outcome).toMatchObject({ result: "ended", turns: TURNS, incompleteReasons: [] });
    expect(endsOnHub(contactId)).toBe(1);
  });

  test("ends at the first silence when a contact event has said so.", async () => {
    const contactId = randomUUID();
    const objects = openCallObjects(CHECKPOINTS, INSTANCE);
    await objects.markEnded(contactId);
    objects.close();
    const stream = lab.broadcast(contactId, first, STARTED);
    const before = lab.connect.requests().served;
    expect(await handler(jobFor(contactId, stream, STARTED))).toMatchObject({ result: "ended", incompleteReasons: [] });
    expect(lab.connect.requests().served).toBe(before);
  });

  test("asks again when Amazon Connect throttles the question.", async () => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, STARTED + first.lengthMs);
    lab.connect.faults.refuse(3, new ServiceError(429, "TooManyRequestsException", "Rate exceeded"));
    const stream = lab.broadcast(contactId, first, STARTED);
    expect(await handler(jobFor(contactId, stream, STARTED))).toMatchObject({ result: "ended", incompleteReasons: [] });
  });

  test("is given up when nobody says for long whether it is over, and its end is not posted.", async () => {
    const contactId = randomUUID();
    Object.assign(process.env, { IDLE_SECONDS: "0.1" });
    const stream = lab.broadcast(contactId, first, STARTED);
    // A quarter of an hour, in proportion to the silence of this test.
    expect(await handler(jobFor(contactId, stream, STARTED))).toMatchObject({
      result: "failed",
      turns: first.lines.length,
      incompleteReasons: ["media_end_unknown"],
    });
    expect(endsOnHub(contactId)).toBe(0);
  });

  test("waits when its stream goes on with another contact, and is over when Amazon Connect says so.", async () => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, null);
    const stream = lab.broadcast(contactId, first, STARTED);
    endCall(stream, STARTED + first.lengthMs + 2000);
    const outcome = handler(jobFor(contactId, stream, STARTED));
    await expect.poll(() => textsOnHub(contactId)).toEqual(texts(first));
    await sleep(LONG_PAUSE_MS);
    expect(endsOnHub(contactId)).toBe(0);
    lab.connect.contacts.set(contactId, STARTED + first.lengthMs);
    expect(await outcome).toMatchObject({ result: "ended", incompleteReasons: [] });
  });
});

describe("A second start of streaming for one contact", () => {
  test.each(["the same stream", "another stream"])("after the call seemed over goes on with it on %s.", async (where) => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, STARTED + first.lengthMs);
    const stream = lab.broadcast(contactId, first, STARTED);
    endCall(stream, STARTED + first.lengthMs + 2000);
    const job = { ...jobFor(contactId, stream, STARTED), record: true };
    expect(await handler(job)).toMatchObject({ result: "ended", turns: first.lines.length });
    const wav = object(contactId, ".wav")?.bytes;
    const score = storyOf(lab.hub, contactId).score;

    const later = where === "another stream" ? lab.broadcast(contactId, second, RESTARTED) : stream;
    if (later === stream)
      stream.write({ contactId, atMs: RESTARTED, fromCustomer: second.fromCustomer, toCustomer: second.toCustomer });
    endCall(later, RESTARTED + second.lengthMs + 2000);
    const again = { ...jobFor(contactId, later, RESTARTED), record: true };
    expect(await handler(again)).toMatchObject({ result: "ended", turns: TURNS, incompleteReasons: [] });

    expect(textsOnHub(contactId)).toEqual(texts(first, second));
    const whole = storyOf(lab.hub, contactId);
    expect([score?.turns, whole.score?.turns]).toEqual([first.lines.length, TURNS]);
    for (const [index, { beginMs }] of whole.turns.slice(first.lines.length).entries())
      expect(Math.abs(beginMs - (RESTARTED - STARTED) - (second.lines[index]?.atMs ?? 0))).toBeLessThan(200);
    // The first recording is as it was, and the second one begins a second before its sound.
    expect(object(contactId, ".wav")?.bytes).toEqual(wav);
    const secondWav = audioInWav(object(contactId, "-2.wav")?.bytes ?? new Uint8Array());
    const secondMs = secondWav.length / 32;
    expect(secondMs).toBeGreaterThan(second.lengthMs);
    expect(secondMs).toBeLessThan(second.lengthMs + 3000);
    const transcript = jsonOf(contactId);
    expect(transcript.turns.map(({ text }: { text: string }) => text).toSorted()).toEqual(texts(first, second));
    expect(transcript).toMatchObject({ laterRecordings: [expect.stringMatching(/-2\.wav$/)], complete: true });
  });

  test("while the first one waits takes the call over, and the first one stops without a word.", async () => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, null);
    const stream = lab.broadcast(contactId, first, STARTED);
    const waiting = handler(jobFor(contactId, stream, STARTED));
    await expect.poll(() => textsOnHub(contactId)).toEqual(texts(first));
    await sleep(LONG_PAUSE_MS);
    const later = lab.broadcast(contactId, second, RESTARTED);
    const outcome = handler(jobFor(contactId, later, RESTARTED));
    await expect.poll(() => textsOnHub(contactId)).toEqual(texts(first, second));
    lab.connect.contacts.set(contactId, RESTARTED + second.lengthMs);
    expect(await outcome).toMatchObject({ result: "ended", turns: TURNS });
    expect(await waiting).toMatchObject({ result: "superseded" });
    expect(endsOnHub(contactId)).toBe(1);
  });
});

describe("A repeated trigger", () => {
  test("leaves a call that is over.", async () => {
    const contactId = randomUUID();
    const stream = lab.broadcast(contactId, first, STARTED);
    endCall(stream, STARTED + first.lengthMs + 2000);
    const job = jobFor(contactId, stream, STARTED);
    expect(await handler(job)).toMatchObject({ result: "ended" });
    const posts = lab.hub.posts.length;
    expect(await handler(job)).toMatchObject({ result: "superseded", newTurns: 0 });
    expect(lab.hub.posts).toHaveLength(posts);
  });

  test("leaves a call that another invocation works on, and disturbs it in nothing.", async () => {
    const contactId = randomUUID();
    lab.connect.contacts.set(contactId, null);
    Object.assign(process.env, { CHECKPOINT_SECONDS: "0.5" });
    const stream = lab.broadcast(contactId, first, STARTED);
    const working = handler(jobFor(contactId, stream, STARTED));
    await expect.poll(() => textsOnHub(contactId).length).toBeGreaterThan(0);
    expect(await handler(jobFor(contactId, stream, STARTED))).toMatchObject({ result: "superseded" });
    Object.assign(process.env, lab.env, { CHECKPOINT_SECONDS: "" });
    lab.connect.contacts.set(contactId, STARTED + first.lengthMs);
    expect(await working).toMatchObject({ result: "ended", turns: first.lines.length, incompleteReasons: [] });
    expect(lab.transcribe.sessions().filter(({ sessionId }) => sessionId === contactId).length).toBeLessThanOrEqual(2);
  });
});
