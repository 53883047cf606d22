import { expect, test } from "vitest";
import { LensContacts } from "../../../aws-ingest/connect/lens-contacts.ts";
import { ARRIVED, EXAMPLE, read, record, transcript } from "../../support/lens-records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const of = (contactId: string, fields: object) => read(record(contactId, fields));
const started = (contactId = "c") => of(contactId, { EventType: "STARTED" });
const completed = (contactId = "c") => of(contactId, { EventType: "COMPLETED" });
const turns = (contactId: string, ...segments: object[]) => of(contactId, { Segments: segments });

test("Only a voice record with turns of an unknown beginning needs a backfill.", () => {
  const contacts = new LensContacts();
  const needs = (fields: object) => contacts.needsBackfill(of("c", fields), ARRIVED);
  expect(needs({ Segments: EXAMPLE.slice(5) })).toBe("beginning");
  expect(contacts.needsBackfill({ ...of("c", { Segments: EXAMPLE.slice(5) }), Channel: "CHAT" }, ARRIVED)).toBe("no");
  expect(needs({ Segments: EXAMPLE.slice(5), Channel: "voice" })).toBe("beginning");
  for (const EventType of ["STARTED", "FAILED", "COMPLETED"]) expect(needs({ EventType })).toBe("no");
});

test("A known call needs a backfill for a gap after more than 30 s without a record, and not earlier.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(started(), ARRIVED);
  expect(contacts.needsBackfill(turns("c", ...EXAMPLE.slice(0, 1)), ARRIVED + 30_000)).toBe("no");
  expect(contacts.needsBackfill(turns("c", ...EXAMPLE.slice(0, 1)), ARRIVED + 30_001)).toBe("gap");
  contacts.addRecord(turns("c", ...EXAMPLE.slice(0, 1)), ARRIVED + 20_000);
  expect(contacts.needsBackfill(completed(), ARRIVED + 50_000)).toBe("no");
  expect(contacts.needsBackfill(completed(), ARRIVED + 50_001)).toBe("gap");
});

test("A call in whose middle a container starts has turns and no score until the backfill.", () => {
  const contacts = new LensContacts();
  const first = contacts.addRecord(turns("c", ...EXAMPLE.slice(6, 8)), ARRIVED);
  expect(first.map(({ type }) => type)).toEqual(["contact.turn", "contact.turn"]);
  expect(contacts.needsBackfill(turns("c"), ARRIVED)).toBe("beginning");
  const { Segments } = turns("c", ...EXAMPLE);
  const filled = contacts.backfill(turns("c", ...EXAMPLE.slice(8)), Segments ?? [], ARRIVED + 1);
  expect(filled.at(-1)).toMatchObject({ type: "contact.sentiment", turns: 10, occurredAt: ARRIVED + 1 });
  expect(contacts.needsBackfill(turns("c"), ARRIVED)).toBe("no");
});

test("A call whose beginning is unavailable is marked once, is not asked for again, and never gets a score.", () => {
  const contacts = new LensContacts();
  expect(contacts.markIncomplete(turns("c"), ARRIVED)).toBe(true);
  expect(contacts.markIncomplete(turns("c"), ARRIVED)).toBe(false);
  expect(contacts.needsBackfill(turns("c"), ARRIVED + HOUR)).toBe("no");
  const updates = contacts.addRecord(turns("c", transcript("1", "CUSTOMER", 0, 900, "NEGATIVE")), ARRIVED);
  expect(updates.map(({ type }) => type)).toEqual(["contact.turn"]);
});

test("A forgotten contact needs a backfill again, and the others do not.", () => {
  const contacts = new LensContacts();
  for (const id of ["c", "d"]) contacts.addRecord(started(id), ARRIVED);
  contacts.forgetContact("c");
  expect(["c", "d"].map((id) => contacts.needsBackfill(turns(id), ARRIVED))).toEqual(["beginning", "no"]);
  contacts.forgetAllContacts();
  expect(contacts.needsBackfill(turns("d"), ARRIVED)).toBe("beginning");
});

test("A call is forgotten six hours after its last record, and 20 minutes after its end.", () => {
  const contacts = new LensContacts();
  for (const id of ["ended", "silent"]) contacts.addRecord(started(id), ARRIVED);
  expect(contacts.addRecord(completed("ended"), ARRIVED)).toEqual([
    { type: "contact.ended", contactId: "ended", initialContactId: null, occurredAt: ARRIVED },
  ]);
  const knownAfter = (ms: number) => {
    // A new contact makes the others be forgotten.
    contacts.addRecord(started(`new-${ms}`), ARRIVED + ms);
    return ["ended", "silent"].filter((id) => contacts.needsBackfill(turns(id), ARRIVED) === "no");
  };
  expect(knownAfter(20 * MINUTE)).toEqual(["ended", "silent"]);
  expect(knownAfter(20 * MINUTE + 1)).toEqual(["silent"]);
  expect(knownAfter(6 * HOUR)).toEqual(["silent"]);
  expect(knownAfter(6 * HOUR + 1)).toEqual([]);
});

test("A failed analysis posts no end, because the call goes on.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(started(), ARRIVED);
  expect(contacts.addRecord(of("c", { EventType: "FAILED" }), ARRIVED)).toEqual([]);
});

test("A backfilled turn has the estimated arrival of its record, and none is later than the record that is known.", () => {
  const contacts = new LensContacts();
  const early = transcript("1", "AGENT", 0, 2000, "NEUTRAL");
  const here = transcript("2", "CUSTOMER", 8000, 10_000, "NEUTRAL");
  const ahead = transcript("3", "AGENT", 11_000, 15_000, "NEUTRAL");
  const { Segments } = turns("c", early, here, ahead, { Categories: { MatchedCategories: ["Portal"], MatchedDetails: {} } });
  const times = contacts
    .backfill(turns("c", here), Segments ?? [], ARRIVED)
    .flatMap((update) => (update.type === "contact.turn" || update.type === "contact.category" ? [update.occurredAt] : []));
  expect(times).toEqual([ARRIVED - 8000, ARRIVED, ARRIVED, ARRIVED]);
});

test("A partial turn after its final turn is ignored, and a turn of an unknown role is left out.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(started(), ARRIVED);
  const partial = (TranscriptId: string, ParticipantRole: string) => ({
    Utterance: { Id: "u", TranscriptId, ParticipantRole, PartialContent: "Hello", BeginOffsetMillis: 1, EndOffsetMillis: 2 },
  });
  const final = transcript("1", "CUSTOMER", 0, 900, "NEUTRAL");
  expect(contacts.addRecord(turns("c", final, partial("1", "CUSTOMER")), ARRIVED).map(({ type }) => type)).toEqual([
    "contact.turn",
    "contact.sentiment",
  ]);
  expect(contacts.addRecord(turns("c", partial("2", "SYSTEM"), transcript("3", "SYSTEM", 0, 9, "NEUTRAL")), ARRIVED)).toEqual([]);
  expect(contacts.addRecord(turns("c", partial("2", "AGENT")), ARRIVED)).toMatchObject([
    { turnId: "2", role: "agent", final: false },
  ]);
});

test("The end of a call is no older than its score, also when records arrive at once or repeatedly.", () => {
  const contacts = new LensContacts();
  const records = [started(), ...EXAMPLE.map((segment) => turns("c", segment)), completed()];
  for (let repeat = 0; repeat < 3; repeat += 1) {
    const updates = records.flatMap((one) => contacts.addRecord(one, ARRIVED));
    const newestScore = Math.max(...updates.map((one) => (one.type === "contact.sentiment" ? one.occurredAt : 0)));
    expect(updates.at(-1)).toMatchObject({ type: "contact.ended", occurredAt: newestScore });
  }
});

test("The end of a call is no older than its last turn, also when its record seems to have arrived before.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(started(), ARRIVED);
  contacts.addRecord(turns("c", { Transcript: { ...EXAMPLE[0]?.Transcript, Sentiment: null } }), ARRIVED + 5000);
  expect(contacts.addRecord(completed(), ARRIVED + 1000)).toMatchObject([{ occurredAt: ARRIVED + 5000 }]);
});

test("A repeated batch makes no score newer than its records, so a new container ends the call.", () => {
  const contacts = new LensContacts();
  contacts.addRecord(started(), ARRIVED);
  const scoreTimes = () =>
    EXAMPLE.flatMap((segment, index) => contacts.addRecord(turns("c", segment), ARRIVED + 1 + index)).flatMap((one) =>
      one.type === "contact.sentiment" ? [one.occurredAt] : [],
    );
  expect(Math.max(...scoreTimes())).toBe(ARRIVED + EXAMPLE.length);
  for (let repeat = 0; repeat < 3; repeat += 1) expect(new Set(scoreTimes())).toEqual(new Set([ARRIVED + EXAMPLE.length]));
  const [end] = new LensContacts().addRecord(completed(), ARRIVED + EXAMPLE.length + 1);
  expect(end).toMatchObject({ type: "contact.ended", occurredAt: ARRIVED + EXAMPLE.length + 1 });
});
