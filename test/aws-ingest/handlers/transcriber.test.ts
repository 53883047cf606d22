import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, FIRST_CONTACT, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

let lab: IngestLab;
beforeAll(async () => {
  lab = await startIngestLab();
});
afterAll(() => lab.close());
beforeEach(() => {
  lab.transcribe.faults.clear();
  Object.assign(process.env, lab.env);
});

/** Expects the script as turns near their times, and the score of these turns. */
function expectScript(contactId: string, sound: CallSound): void {
  const { turns, score } = storyOf(lab.hub, contactId);
  const script = sound.lines.map(({ role, phrase }) => ({ role, text: phrase.text, sentiment: phrase.sentiment }));
  expect(turns.map(({ role, text, sentiment }) => ({ role, text, sentiment }))).toEqual(script);
  for (const [index, turn] of turns.entries()) {
    expect(Math.abs(turn.beginMs - (sound.lines[index]?.atMs ?? 0))).toBeLessThan(120);
  }
  const batch = scoreContact(turns.map((turn) => ({ ...turn, sentiment: turn.sentiment ?? "neutral" })));
  expect(score).toMatchObject(batch);
}

test("The transcriber posts every phrase as one final turn at its time, the score of all turns, and then the end.", async () => {
  const contactId = randomUUID();
  const sound = callSound(seeded(1), 12);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, Date.now());
  const outcome = await handler(jobFor(contactId, stream, startedAt));
  expect(outcome).toMatchObject({ result: "ended", turns: 12, incompleteReasons: [], undelivered: 0 });
  expectScript(contactId, sound);
  const ended = lab.hub.updates().filter((update) => update.type === "contact.ended" && update.contactId === contactId);
  expect(ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({ occurredAt: startedAt + (Math.ceil((sound.lengthMs * 8) / 800) * 800) / 8 });
});

test.each([FIRST_CONTACT, null])(
  "Every update of a call carries the contact id that the call began with (%j).",
  async (initialContactId) => {
    const contactId = randomUUID();
    const sound = callSound(seeded(3), 2);
    const startedAt = Date.now() - sound.lengthMs;
    const stream = lab.broadcast(contactId, sound, startedAt);
    endCall(stream, Date.now());
    await handler(jobFor(contactId, stream, startedAt, initialContactId));
    const updates = lab.hub.updates().filter((update) => "contactId" in update && update.contactId === contactId);
    expect(updates.length).toBeGreaterThan(4);
    for (const update of updates) expect(update).toMatchObject({ initialContactId });
  },
);

test("The transcriber posts the same turns and score through many hand-overs as in one run.", async () => {
  const contactId = randomUUID();
  const sound = callSound(seeded(2), 22);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, Date.now());
  await handler(jobFor(contactId, stream, startedAt));
  const whole = storyOf(lab.hub, contactId);
  expectScript(contactId, sound);

  const before = lab.hub.posts.length;
  // At this speed an invocation sends 16 s of audio at most. A slow machine only makes more hand-overs.
  Object.assign(lab.env, { CATCH_UP_SPEED: "10", HANDOVER_AFTER_SECONDS: "1.6", MAX_HANDOVERS: "1000" });
  lab.lambda.invokeLater("transcriber", jobFor(contactId, stream, startedAt));
  await lab.lambda.drain();
  Object.assign(lab.env, { CATCH_UP_SPEED: "400", HANDOVER_AFTER_SECONDS: "780" });
  const again = { updates: () => lab.hub.posts.slice(before).flatMap((post) => post.updates) };
  const runs = lab.lambda.invocations().filter(({ functionName }) => functionName === "transcriber");
  expect(runs.length).toBeGreaterThan(4);
  expect(storyOf({ ...lab.hub, ...again }, contactId)).toEqual(whole);
}, 240_000);
