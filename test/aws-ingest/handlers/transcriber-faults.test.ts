import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import type { MediaFault, StandInStream } from "../../../local/aws/kinesis-video-stream.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

let lab: IngestLab;
beforeAll(async () => {
  lab = await startIngestLab();
});
afterAll(() => lab.close());
beforeEach(() => {
  lab.transcribe.faults.clear();
  Object.assign(process.env, lab.env);
});

async function transcribed(sound: CallSound, disturb: (stream: StandInStream) => void) {
  const contactId = randomUUID();
  const startedAt = 1_790_000_000_000;
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, startedAt + sound.lengthMs + 10_000);
  disturb(stream);
  const outcome = await handler(jobFor(contactId, stream, startedAt));
  const { turns, score } = storyOf(lab.hub, contactId);
  const plain = turns.map(({ turnId, role, beginMs, endMs, text, sentiment, occurredAt }) => {
    return { turnId, role, beginMs, endMs, text, sentiment, occurredAt };
  });
  return { outcome, turns: plain, score: score && { ...score, contactId: "", occurredAt: 0 } };
}

const SPEECH_BREAKS = ["LimitExceededException", "InternalFailureException", "ServiceUnavailableException", "cut"] as const;
const MEDIA_FAULTS: readonly ((at: number) => MediaFault)[] = [
  (at) => ({ kind: "cut", afterBytes: at * 2000 }),
  (at) => ({ kind: "end", afterBytes: at * 2000 }),
  (at) => ({ kind: "stall", afterBytes: 40_000 + at * 2000 }),
  (at) => ({ kind: "error", afterFragments: at % 20, id: 5000 }),
  () => ({ kind: "refuse", error: "ConnectionLimitExceededException" }),
];

test.each([3, 4, 5, 6])(
  "The transcriber posts the same turns and score under fault schedule %i as without faults.",
  async (seed) => {
    const random = seeded(seed);
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new Error("The list to pick from is empty.");
      return item;
    };
    const sound = callSound(random, 14);
    const calm = await transcribed(sound, () => {});
    expect(calm.outcome).toMatchObject({ result: "ended", turns: 14 });

    const disturbed = await transcribed(sound, (stream) => {
      for (let count = 0; count < 3; count += 1) {
        lab.transcribe.faults.breakNext(Math.floor(random() * sound.lengthMs * 0.7), pick(SPEECH_BREAKS));
        if (random() < 0.5) lab.transcribe.faults.refuse(1, pick(["LimitExceededException", "ServiceUnavailableException"]));
        stream.failNext(pick(MEDIA_FAULTS)(Math.floor(random() * 100)));
      }
    });
    expect(disturbed.outcome).toEqual({ ...calm.outcome, audioMs: calm.outcome.audioMs });
    expect(disturbed.turns).toEqual(calm.turns);
    expect(disturbed.score).toEqual(calm.score);
  },
);

test.each(["in a phrase", "behind the last phrase"])(
  "The transcriber does not take a connection that is cut %s for the end of the results.",
  async (where) => {
    const sound = callSound(seeded(13), 5);
    const last = sound.lines.at(-1);
    const afterMs = where === "in a phrase" ? (last?.atMs ?? 0) + 1000 : sound.lengthMs - 50;
    const outcome = await transcribed(sound, () => lab.transcribe.faults.breakNext(afterMs, "cut"));
    expect(outcome).toMatchObject({ outcome: { result: "ended", turns: 5, incompleteReasons: [] } });
    expect(outcome.turns.map(({ text }) => text)).toEqual(sound.lines.map(({ phrase }) => phrase.text));
  },
);

test("The transcriber repeats a session that stops answering, and posts every turn.", async () => {
  const sound = callSound(seeded(14), 8);
  const { outcome, turns } = await transcribed(sound, () => lab.transcribe.faults.breakNext(3000, "stall"));
  expect(outcome).toMatchObject({ result: "ended", turns: 8, incompleteReasons: [] });
  expect(turns.map(({ text }) => text)).toEqual(sound.lines.map(({ phrase }) => phrase.text));
});

test("The transcriber stops when a second one starts for the contact, and only the second one posts the end.", async () => {
  const contactId = randomUUID();
  const sound = callSound(seeded(9), 8);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  const env = { ...lab.env, CATCH_UP_SPEED: "20" };
  Object.assign(process.env, env);
  const first = handler(jobFor(contactId, stream, startedAt));
  await expect.poll(() => lab.transcribe.sessions().some(({ sessionId }) => sessionId === contactId)).toBe(true);
  const second = handler(jobFor(contactId, stream, startedAt));
  expect((await first).result).toBe("superseded");
  endCall(stream, Date.now());
  expect(await second).toMatchObject({ result: "ended", turns: 8 });
  expect(storyOf(lab.hub, contactId).turns).toHaveLength(8);
  expect(lab.hub.updates().filter((update) => update.type === "contact.ended" && update.contactId === contactId)).toHaveLength(1);
});

test("The transcriber ignores other contacts' audio on the same stream.", async () => {
  const contactId = randomUUID();
  const own = callSound(seeded(10), 3);
  const foreign = callSound(seeded(11), 5);
  const startedAt = Date.now() - 60_000;
  const stream = lab.broadcast(randomUUID(), foreign, startedAt - foreign.lengthMs - 5000);
  stream.write({ contactId, atMs: startedAt, fromCustomer: own.fromCustomer, toCustomer: own.toCustomer });
  stream.write({
    contactId: randomUUID(),
    atMs: startedAt + own.lengthMs + 2000,
    fromCustomer: foreign.fromCustomer,
    toCustomer: foreign.toCustomer,
  });
  // Clocks that differ a little give a start before the contact's first fragment.
  const outcome = await handler(jobFor(contactId, stream, startedAt - 3000));
  expect(outcome).toMatchObject({ result: "ended", turns: 3, incompleteReasons: [] });
  expect(storyOf(lab.hub, contactId).turns.map(({ text }) => text)).toEqual(own.lines.map(({ phrase }) => phrase.text));
});

test("The transcriber repeats a session that Transcribe refused once, and posts every turn.", async () => {
  const sound = callSound(seeded(12), 2);
  const { outcome } = await transcribed(sound, () => lab.transcribe.faults.refuse(1, "BadRequestException"));
  expect(outcome).toMatchObject({ result: "ended", turns: 2, incompleteReasons: [] });
});

test("The transcriber gives a reason when Transcribe refuses every session of a call, and does not post the contact's end.", async () => {
  const contactId = randomUUID();
  const sound = callSound(seeded(12), 2);
  const stream = lab.broadcast(contactId, sound, Date.now() - sound.lengthMs);
  lab.transcribe.faults.refuse(20, "BadRequestException");
  const outcome = await handler(jobFor(contactId, stream, Date.now() - sound.lengthMs));
  expect(outcome).toMatchObject({ result: "failed", turns: 0, incompleteReasons: ["recogniser_rejected_BadRequestException"] });
  expect(newsOf(contactId)).toEqual(["contact.transcription live", "contact.transcription failed"]);
});

test("The transcriber gives a reason when the stream cannot be read, and does not post the contact's end.", async () => {
  const contactId = randomUUID();
  const startedAt = Date.now() - 1000;
  const stream = lab.broadcast(randomUUID(), callSound(seeded(15), 1), startedAt);
  const missing = { ...jobFor(contactId, stream, startedAt), streamArn: stream.arn.replace(":stream/", ":stream/gone-") };
  const outcome = await handler(missing);
  expect(outcome).toMatchObject({ result: "failed", turns: 0 });
  expect(outcome.incompleteReasons[0]).toMatch(/^media_/);
  expect(newsOf(contactId)).toEqual(["contact.transcription live", "contact.transcription failed"]);
});

function newsOf(contactId: string): string[] {
  const updates = lab.hub.updates().filter((update) => "contactId" in update && update.contactId === contactId);
  return updates.map((update) => (update.type === "contact.transcription" ? `${update.type} ${update.state}` : update.type));
}
