import { describe, expect, it } from "vitest";
import { LensListening } from "../../../aws-ingest/connect/lens-listening.ts";
import type { Update } from "../../../protocol/updates.ts";
import { ARRIVED, EXAMPLE, read, record } from "../../support/lens-records.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const of = (contactId: string, EventType = "SEGMENTS", fields: object = {}) =>
  read(record(contactId, { EventType, Segments: EXAMPLE.slice(0, 1), ...fields }));
const words = (updates: readonly Update[]) =>
  updates.map((update) => (update.type === "contact.transcription" ? `${update.contactId} ${update.state}` : update.type));

describe("Contact Lens listening to calls", () => {
  it("TRN-4 A call is live from its first record on, and again with a record after 15 s.", () => {
    const listening = new LensListening();
    expect(listening.addRecord(of("a", "STARTED"), ARRIVED)).toEqual([
      { type: "contact.transcription", contactId: "a", initialContactId: null, state: "live", occurredAt: ARRIVED },
    ]);
    expect(listening.addRecord(of("a"), ARRIVED + 14_999)).toEqual([]);
    expect(words(listening.addRecord(of("a"), ARRIVED + 15_000))).toEqual(["a live"]);
    expect(words(new LensListening().addRecord(of("a"), ARRIVED))).toEqual(["a live"]);
  });

  it("TRN-4 A record speaks for the calls that are quiet, for ten minutes.", () => {
    const listening = new LensListening();
    for (const id of ["a", "b"]) listening.addRecord(of(id), ARRIVED);
    const posted: string[][] = [];
    for (let at = ARRIVED + 15_000; at <= ARRIVED + 10 * MINUTE + 15_000; at += 15_000) {
      posted.push(words(listening.addRecord(of("b"), at)));
    }
    expect(posted.slice(0, 40)).toEqual(Array(40).fill(["a live", "b live"]));
    expect(posted.at(-1)).toEqual(["b live"]);
  });

  it.each([
    ["COMPLETED", "a ended"],
    ["FAILED", "a failed"],
  ])("TRN-4 After %s the contact is %s and never live again, also when Lambda repeats the batch.", (event, word) => {
    const listening = new LensListening();
    listening.addRecord(of("a"), ARRIVED);
    for (let round = 0; round < 2; round += 1) {
      expect(words(listening.addRecord(of("a", event), ARRIVED + SECOND))).toEqual([word]);
      expect(listening.addRecord(of("a"), ARRIVED)).toEqual([]);
    }
    expect(words(listening.addRecord(of("b"), ARRIVED + 20 * SECOND))).toEqual(["b live"]);
  });

  it("TRN-4 A repeated record brings the same news, because the first post may have failed.", () => {
    const listening = new LensListening();
    const first = listening.addRecord(of("a"), ARRIVED);
    expect(listening.addRecord(of("a"), ARRIVED)).toEqual(first);
  });

  it("TRN-4 A container that shares the calls with others speaks for none of them.", () => {
    const listening = new LensListening();
    listening.addRecord(of("b"), ARRIVED);
    listening.forgetAllContacts();
    expect(words(listening.addRecord(of("c"), ARRIVED + 20 * SECOND))).toEqual(["c live"]);
  });

  it("TRN-4 A chat is live with its own records only, because a quiet chat is not lost.", () => {
    const listening = new LensListening();
    const chat = (EventType: string) => ({ Channel: "CHAT", ContactId: "a", EventType });
    expect(words(listening.addRecord(chat("STARTED"), ARRIVED))).toEqual(["a live"]);
    expect(words(listening.addRecord(of("b"), ARRIVED + 20 * SECOND))).toEqual(["b live"]);
    expect(words(listening.addRecord(chat("SEGMENTS"), ARRIVED + 21 * SECOND))).toEqual(["a live"]);
    expect(words(listening.addRecord(chat("FAILED"), ARRIVED + 22 * SECOND))).toEqual(["a failed"]);
    expect(listening.addRecord(chat("SEGMENTS"), ARRIVED + 40 * SECOND)).toMatchObject([{ contactId: "b", state: "live" }]);
  });
});
