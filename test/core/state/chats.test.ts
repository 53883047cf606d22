import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customerWaitsSince } from "../../../core/state/customer-wait.ts";
import type { ContactTurn } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const chat = aContact({ contactId: "contact-1", channel: "chat", state: "connected", connectedAt: NOON, since: NOON });
const onChat = (occurredAt = NOON) => anAgentState({ contacts: [chat], occurredAt });
const live = (occurredAt: number) =>
  ({ type: "contact.transcription", contactId: "contact-1", initialContactId: null, state: "live", occurredAt }) as const;
const wrote = (index: number, fields: Partial<ContactTurn> = {}) => {
  const beginMs = index * 1000;
  return aTurn({ turnId: `m-${String(index).padStart(5, "0")}`, beginMs, endMs: beginMs, occurredAt: NOON + beginMs, ...fields });
};
const idsOf = (center: Center) => center.state.transcript("contact-1").turns.map(({ turnId }) => turnId);

describe("Chats in the hub", () => {
  it("TRN-3 A chat that is quiet for a night is not lost, and a call is.", () => {
    const center = new Center();
    center.post(onChat(), live(NOON));
    center.expireAt(NOON + 10 * HOUR);
    expect(center.agents()[0]).toMatchObject({ transcription: "live" });
    const call = { ...chat, channel: "voice" as const };
    const calling = new Center();
    calling.post(anAgentState({ contacts: [call] }), live(NOON));
    calling.expireAt(NOON + MINUTE);
    expect(calling.agents()[0]).toMatchObject({ transcription: "lost" });
  });

  it("TIM-3 A chat of two days that is quiet over night keeps its transcript and stays on the board.", () => {
    const center = new Center();
    center.post(onChat(), wrote(1), wrote(2, { role: "agent" }));
    center.restart();
    for (let hours = 1; hours <= 48; hours += 1) {
      center.now = NOON + hours * HOUR;
      center.post({ type: "agent.heartbeat", agentId: "agent-1", occurredAt: center.now });
      center.expireAt(center.now);
    }
    center.post(wrote(2 * 86_400));
    expect(idsOf(center)).toEqual(["m-00001", "m-00002", "m-172800"]);
    expect(center.agents()[0]).toMatchObject({ contactId: "contact-1", channel: "chat" });
    center.expireAt(NOON + 2 * DAY + 8 * DAY);
    expect(idsOf(center)).toEqual([]);
  });

  it("TRA-9 The newest thousand messages of a chat stay, in any order of arrival, and the transcript says that others left.", () => {
    const all = Array.from({ length: 1010 }, (_, index) => wrote(index));
    const expected = all.slice(10).map(({ turnId }) => turnId);
    const orders = fc.shuffledSubarray([...all.slice(0, 30), ...all.slice(0, 30)], { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(orders, (first) => {
        const center = new Center();
        center.post(onChat());
        center.post(...first);
        center.post(...all.slice(30), ...first);
        expect(idsOf(center)).toEqual(expected);
        expect(center.state.transcript("contact-1")).toMatchObject({ truncated: true, complete: false });
      }),
      { numRuns: 3 },
    );
  });

  it("TRA-9 Long messages leave earlier, and what has left does not come back after a restart.", () => {
    const text = "x".repeat(16_384);
    const all = Array.from({ length: 60 }, (_, index) => wrote(index, { text }));
    const center = new Center();
    center.post(onChat());
    center.postEach(...all);
    const kept = idsOf(center);
    expect(kept.at(-1)).toBe("m-00059");
    expect(kept.length).toBeLessThan(33);
    center.restart();
    const [first] = all;
    if (first !== undefined) expect(center.post(first)).toMatchObject({ accepted: 0, stale: 1 });
    expect(idsOf(center)).toEqual(kept);
    expect(center.state.transcript("contact-1").truncated).toBe(true);
  });

  it("TRA-9 A transcript that lacks nothing does not say that it does.", () => {
    const center = new Center();
    center.post(onChat(), ...Array.from({ length: 400 }, (_, index) => wrote(index)));
    expect(center.state.transcript("contact-1")).toMatchObject({ truncated: false });
    expect(idsOf(center)).toHaveLength(400);
  });

  it("TRA-10 Of two versions of a message with one time, the one with more issues, with a sentiment or with a later offset counts.", () => {
    const bare = wrote(1, { sentiment: null, beginMs: 0, endMs: 0 });
    const felt = { ...bare, sentiment: "negative" as const };
    const later = { ...felt, beginMs: 500, endMs: 500 };
    const found = { ...later, issues: [{ begin: 0, end: 2 }] };
    for (const order of [
      [bare, felt, later, found],
      [found, later, felt, bare],
      [later, found, bare, felt],
    ]) {
      const center = new Center();
      center.postEach(...order);
      expect(center.state.transcript("contact-1").turns).toMatchObject([
        { issues: [{ begin: 0, end: 2 }], sentiment: "negative", beginMs: 500 },
      ]);
    }
  });

  it("WAI-1 The wait of a customer survives a restart, and costs a row only when it begins or ends.", () => {
    const center = new Center();
    const waitOf = () => {
      const records = [...center.store.load("epoch").contacts];
      return customerWaitsSince(chat, records);
    };
    center.post(onChat(), wrote(1, { role: "agent" }));
    const rows = () => center.store.rowsWritten;
    center.post(wrote(5));
    expect(waitOf()).toBe(NOON + 5000);
    const before = rows();
    center.post(wrote(6));
    expect(rows() - before).toBe(1);
    center.restart();
    expect(waitOf()).toBe(NOON + 5000);
    center.post(wrote(9, { role: "agent" }));
    expect(waitOf()).toBeNull();
  });

  it("WAI-2 The alerts learn of each chat of an agent since when its customer waits.", () => {
    const center = new Center();
    const other = { ...chat, contactId: "contact-2" };
    center.post(anAgentState({ contacts: [chat, other] }), wrote(5), wrote(7, { contactId: "contact-2" }));
    const waits = () =>
      Object.fromEntries(center.state.evidenceOf("agent-1").talks.map((talk) => [talk.contactId, talk.customerWaitsSince]));
    expect(waits()).toEqual({ "contact-1": NOON + 5000, "contact-2": NOON + 7000 });
    center.post(wrote(9, { role: "agent" }));
    expect(waits()).toEqual({ "contact-1": null, "contact-2": NOON + 7000 });
  });
});
