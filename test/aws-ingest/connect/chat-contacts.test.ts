import fc from "fast-check";
import { expect, test } from "vitest";
import { ChatContacts } from "../../../aws-ingest/connect/chat-contacts.ts";
import type { ContactSentiment, ContactTurn, Update } from "../../../protocol/updates.ts";
import { CHAT, categoryOf, chatRecord, issueOf, message, readChat, WRITTEN } from "../../support/chat-records.ts";

const ARRIVED = WRITTEN + 160_000;
const DAY = 24 * 60 * 60_000;
const started = () => readChat(chatRecord("c", { StreamingEventType: "STARTED" }));
const segments = (...Segments: object[]) => readChat(chatRecord("c", { Segments }));

/** What is left of the updates in a hub that keeps the newest of each fact, and of equal turns the later offset. */
function settled(updates: readonly Update[]): { turns: ContactTurn[]; score: ContactSentiment | null } {
  const turns = new Map<string, ContactTurn>();
  let score: ContactSentiment | null = null;
  for (const update of updates) {
    if (update.type === "contact.turn") {
      const known = turns.get(update.turnId);
      const issues = update.issues?.length ?? 0;
      const knownIssues = known?.issues?.length ?? 0;
      if (known === undefined || issues > knownIssues || (issues === knownIssues && update.beginMs >= known.beginMs))
        turns.set(update.turnId, update);
    }
    if (update.type === "contact.sentiment" && update.occurredAt >= (score?.occurredAt ?? 0)) score = update;
  }
  return { turns: [...turns.values()].sort((a, b) => a.beginMs - b.beginMs), score };
}

const SCORE = {
  customer: { score: 0, quarters: [-5, null, 0, 5], recent: 5 },
  agent: { score: 3.3, recent: 5 },
  turns: 6,
};

test("CHT-1 A chat has the customer's and the agent's turns, timed from its first event, and no turn of a bot.", () => {
  const chats = new ChatContacts();
  const { turns, score } = settled([...chats.addRecord(started(), WRITTEN), ...chats.addRecord(segments(...CHAT), ARRIVED)]);
  expect(turns.map(({ turnId, role, beginMs }) => [turnId, role, beginMs])).toEqual([
    ["c-1", "customer", 4_000],
    ["a-1", "agent", 60_000],
    ["c-2", "customer", 90_000],
    ["a-2", "agent", 130_000],
    ["s-1", "agent", 140_000],
    ["c-3", "customer", 150_000],
  ]);
  for (const turn of turns) {
    expect(turn).toMatchObject({ contactId: "c", initialContactId: null, final: true, endMs: turn.beginMs });
    expect(turn.occurredAt).toBe(WRITTEN + turn.beginMs);
  }
  expect(score).toMatchObject(SCORE);
});

test("CHT-4 Any order of the records, with repeats, ends in the same turns and the same score.", () => {
  const all = [...CHAT, issueOf("c-1", 0, 8), issueOf("c-1", 9, 20), categoryOf("LateOrder")];
  const order = fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 });
  const whole = [...new ChatContacts().addRecord(started(), WRITTEN)];
  const once = new ChatContacts();
  once.addRecord(started(), WRITTEN);
  const expected = settled([...whole, ...once.addRecord(segments(...all), ARRIVED)]);
  expect(expected.turns[0]).toMatchObject({
    issues: [
      { begin: 0, end: 8 },
      { begin: 9, end: 20 },
    ],
  });
  fc.assert(
    fc.property(order, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 25, maxLength: 25 }), (shuffled, sizes) => {
      const chats = new ChatContacts();
      const sent: Update[] = [...chats.addRecord(started(), WRITTEN)];
      let done = 0;
      for (const [index, size] of sizes.entries()) {
        const part = shuffled.slice(done, done + size);
        done += size;
        if (part.length > 0) sent.push(...chats.addRecord(segments(...part), ARRIVED + index));
      }
      expect(settled(sent)).toEqual(expected);
    }),
  );
});

test("An issue makes its turn come again, also when it arrives before its message.", () => {
  const chats = new ChatContacts();
  chats.addRecord(started(), WRITTEN);
  expect(chats.addRecord(segments(issueOf("c-1", 0, 19)), ARRIVED)).toEqual([]);
  const text = "My order never came.";
  expect(chats.addRecord(segments(message("c-1", "CUSTOMER", 0, null, text)), ARRIVED)).toMatchObject([
    { turnId: "c-1", issues: [{ begin: 0, end: 19 }], occurredAt: WRITTEN },
  ]);
  expect(chats.addRecord(segments(issueOf("c-1", 3, 8)), ARRIVED)).toMatchObject([
    { turnId: "c-1", text, issues: [{ begin: 0 }, { begin: 3, end: 8 }], occurredAt: WRITTEN },
  ]);
});

test("Three chats at once do not touch one another.", () => {
  const chats = new ChatContacts();
  const ids = ["a", "b", "c"];
  const sent = ids.flatMap((id) => chats.addRecord(readChat(chatRecord(id, { StreamingEventType: "STARTED" })), WRITTEN));
  for (const [index, segment] of CHAT.entries()) {
    for (const id of ids.slice(0, 1 + (index % 3)))
      sent.push(...chats.addRecord(readChat(chatRecord(id, { Segments: [segment] })), ARRIVED + index));
  }
  const turnsOf = (id: string) =>
    settled(sent.filter((update) => "contactId" in update && update.contactId === id)).turns.map(({ turnId }) => turnId);
  expect(ids.map(turnsOf)).toEqual([["c-1", "a-1", "c-2", "a-2", "s-1", "c-3"], ["c-1", "c-2", "a-2", "c-3"], ["a-2"]]);
});

test("The end of a chat is never earlier than its newest message, and a late message does not pass it.", () => {
  const chats = new ChatContacts();
  chats.addRecord(started(), WRITTEN);
  chats.addRecord(segments(...CHAT.slice(0, -1)), ARRIVED);
  const [end] = chats.addRecord(readChat(chatRecord("c", { StreamingEventType: "COMPLETED" })), WRITTEN + 150_001);
  expect(end).toMatchObject({ type: "contact.ended", occurredAt: WRITTEN + 150_001 });
  const late = chats.addRecord(segments(...CHAT.slice(-1)), ARRIVED + 1);
  expect(late).toMatchObject([{ type: "contact.turn" }, { type: "contact.sentiment", turns: 6 }]);
  for (const update of late) expect("occurredAt" in update && update.occurredAt).toBeLessThanOrEqual(WRITTEN + 150_001);
  const skewed = new ChatContacts();
  skewed.addRecord(segments(...CHAT), WRITTEN);
  const [ended] = skewed.addRecord(readChat(chatRecord("c", { StreamingEventType: "COMPLETED" })), WRITTEN + 1);
  expect(ended).toMatchObject({ type: "contact.ended", occurredAt: WRITTEN + 150_000 + 6 });
});

test("A failed analysis brings no end, because the chat goes on.", () => {
  const chats = new ChatContacts();
  chats.addRecord(started(), WRITTEN);
  expect(chats.addRecord(readChat(chatRecord("c", { StreamingEventType: "FAILED" })), ARRIVED)).toEqual([]);
});

test("A chat of two days that is quiet over night keeps its beginning and its score.", () => {
  const chats = new ChatContacts();
  const sent = [...chats.addRecord(started(), WRITTEN)];
  sent.push(...chats.addRecord(segments(...CHAT.slice(0, 3)), WRITTEN + 6_000));
  chats.addRecord(readChat(chatRecord("other", { StreamingEventType: "STARTED" })), WRITTEN + DAY);
  const next = segments(message("c-9", "CUSTOMER", 2 * DAY, "POSITIVE"));
  expect(chats.needsBackfill(next, WRITTEN + 2 * DAY)).toBe("gap");
  sent.push(...chats.addRecord(next, WRITTEN + 2 * DAY));
  const { turns, score } = settled(sent);
  expect(turns.map(({ beginMs }) => beginMs)).toEqual([4_000, 2 * DAY]);
  expect(score).toMatchObject({ customer: { score: 0, recent: 5 }, turns: 2 });
});

test("A container that starts in the middle of a chat asks for its beginning, and then scores all of it.", () => {
  const chats = new ChatContacts();
  const record = segments(...CHAT.slice(6));
  expect(chats.needsBackfill(record, ARRIVED)).toBe("beginning");
  const before = settled(chats.addRecord(record, ARRIVED));
  expect(before.score).toBeNull();
  const all = settled([...chats.backfill(record, segments(...CHAT).Segments, ARRIVED), ...chats.addRecord(record, ARRIVED)]);
  expect(all.turns.map(({ beginMs }) => beginMs)).toEqual([4_000, 60_000, 90_000, 130_000, 140_000, 150_000]);
  expect(all.score).toMatchObject(SCORE);
  expect(chats.needsBackfill(record, ARRIVED + 1)).toBe("no");
});

test("A chat whose beginning nobody has is marked once, and goes on without a score.", () => {
  const chats = new ChatContacts();
  const record = segments(...CHAT.slice(6));
  expect(chats.markIncomplete(record, ARRIVED)).toBe(true);
  expect(chats.markIncomplete(record, ARRIVED)).toBe(false);
  expect(chats.needsBackfill(record, ARRIVED)).toBe("no");
  expect(chats.addRecord(record, ARRIVED).map(({ type }) => type)).toEqual(["contact.turn", "contact.turn"]);
});

test("What a container keeps of a chat is bounded, and a long chat is scored by its newest messages.", () => {
  const chats = new ChatContacts();
  chats.addRecord(started(), WRITTEN);
  const long = "x".repeat(16_384);
  const many = Array.from({ length: 3000 }, (_, index) =>
    message(`m-${index}`, "CUSTOMER", index * 1000, index < 2000 ? "NEGATIVE" : "POSITIVE", long),
  );
  const sent: Update[] = [];
  for (let from = 0; from < many.length; from += 100)
    sent.push(...chats.addRecord(segments(...many.slice(from, from + 100)), ARRIVED));
  expect(settled(sent).score).toMatchObject({ customer: { score: 5 }, turns: 1000 });
  // An issue of a message whose text is forgotten is let go, and one of the newest message is not.
  expect(chats.addRecord(segments(issueOf("m-5", 0, 9), issueOf("m-2999", 0, 9)), ARRIVED)).toMatchObject([{ turnId: "m-2999" }]);
});
