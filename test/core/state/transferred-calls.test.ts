import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { AgentContact, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const FIRST = { contactId: "call-1" };
const SECOND = { contactId: "call-2", initialContactId: "call-1" };
const ended = (occurredAt: number, ids: { contactId: string; initialContactId?: string }): Update => ({
  type: "contact.ended",
  initialContactId: null,
  ...ids,
  occurredAt,
});
const second = (state: AgentContact["state"], occurredAt = NOON) =>
  anAgentState({ agentId: "agent-2", occurredAt, contacts: [aContact({ ...SECOND, state, direction: "transfer" })] });

/** A call whose first agent has handed it over: its turns and its score are of the first contact, which is over. */
function transferred(...more: Update[]): Center {
  const center = new Center();
  const first = anAgentState({ contacts: [aContact({ ...FIRST, state: "ended" })] });
  center.postEach(first, aTurn(FIRST), aSentiment(-2.5, FIRST), ended(NOON, FIRST), ...more);
  return center;
}
const complete = (center: Center, contactId: string) => center.state.transcript(contactId).complete;

describe("The transcript of the second agent", () => {
  it.each(["ringing", "connected", "hold"] as const)(
    "TRF-4 It is not complete while the contact is %s, although the first one has ended.",
    (state) => {
      const center = transferred(second(state));
      expect(complete(center, "call-2")).toBe(false);
      expect(center.state.transcript("call-2").turns).toHaveLength(1);
      expect(complete(center, "call-1")).toBe(true);
    },
  );

  it.each(["ended", "missed", "error"] as const)("TRF-4 It is complete when the contact is %s.", (state) => {
    expect(complete(transferred(second(state)), "call-2")).toBe(true);
  });

  it("TRF-4 It is complete when its own contact has ended, before the agent's news says so.", () => {
    expect(complete(transferred(second("connected"), ended(NOON + 1, SECOND)), "call-2")).toBe(true);
  });

  it("TRF-4 The customer's transcript is not complete when only the consultation has ended.", () => {
    const center = new Center();
    center.postEach(anAgentState({ contacts: [aContact(FIRST)] }), aTurn(SECOND), ended(NOON, SECOND));
    expect(complete(center, "call-1")).toBe(false);
  });

  it("TRF-4 Viewers learn that it is complete when the second agent stops talking.", () => {
    const center = transferred(second("connected"));
    center.join("v", { watching: ["call-2"] });
    center.published = [];
    center.post(second("ended", NOON + 5));
    expect(center.published).toMatchObject([{ contactId: "call-2", complete: true }]);
  });

  it("TRF-4 A further turn of the first contact does not complete it.", () => {
    const center = transferred(second("connected"));
    center.join("v", { watching: ["call-2"] });
    center.published = [];
    center.post(aTurn({ ...FIRST, turnId: "turn-2" }));
    expect(center.published).toMatchObject([{ contactId: "call-2", turns: [{ turnId: "turn-2" }], complete: false }]);
  });

  it("TRF-5 It has its own turns only, from the moment on at which somebody listens to the contact.", () => {
    const center = transferred(second("connected"), aTranscription("off", SECOND));
    expect(center.state.transcript("call-2").turns).toHaveLength(1);
    center.post(aTranscription("live", { ...SECOND, occurredAt: NOON + 1 }));
    expect(center.state.transcript("call-2").turns).toEqual([]);
    center.post(aTurn({ ...SECOND, turnId: "turn-9" }));
    expect(center.state.transcript("call-2").turns).toMatchObject([{ turnId: "turn-9" }]);
  });
});

describe("The score of the second agent", () => {
  const QUIET = [10, 20, 45];

  it.each(["connected", "hold"] as const)("TRF-6 It and the turns stay while the second agent's contact is %s.", (state) => {
    const center = transferred(second(state));
    for (const minutes of QUIET) {
      center.expireAt(NOON + minutes * MINUTE);
      center.restart();
      expect(center.agent("agent-2").sentimentScore).toBe(-2.5);
      expect(center.state.transcript("call-2").turns).toHaveLength(1);
      expect(center.state.nextWake()).toBeGreaterThan(center.now);
    }
  });

  it.each<[string, (at: number) => Update]>([
    ["agent stops talking", (at) => second("ended", at)],
    ["contact ends", (at) => ended(at, SECOND)],
  ])("TRF-6 The turns can be read for 10 minutes after the second %s, and are deleted then.", (_, end) => {
    const center = transferred(second("connected"));
    center.expireAt(NOON + 10 * MINUTE);
    center.now = NOON + 19 * MINUTE;
    expect(center.post(end(center.now)).wakeAt).toBeLessThanOrEqual(NOON + 29 * MINUTE);
    center.restart();
    center.expireAt(NOON + 29 * MINUTE - 1);
    expect(center.state.transcript("call-2").turns).toHaveLength(1);
    center.expireAt(NOON + 29 * MINUTE);
    expect(center.store.turns("call-1")).toEqual([]);
  });

  it("TRF-6 It stays too where turns are deleted at once after a call.", () => {
    const center = new Center({ ...DEFAULT_EXPIRY, turnsExpireAfterMs: 0 });
    center.postEach(second("connected"), aTurn(FIRST), aSentiment(-2.5, FIRST), ended(NOON, FIRST));
    center.expireAt(NOON + MINUTE);
    expect(center.agent("agent-2").sentimentScore).toBe(-2.5);
    expect(center.state.nextWake()).toBeGreaterThan(center.now);
    center.post(second("ended", NOON + MINUTE));
    center.expireAt(center.now);
    expect(center.store.turns("call-1")).toEqual([]);
  });

  it("TRF-6 A ringing second agent keeps nothing: the contact may never be answered.", () => {
    const center = transferred(second("ringing"));
    center.expireAt(NOON + 10 * MINUTE);
    expect(center.store.turns("call-1")).toEqual([]);
  });
});

describe("A list beside the stream", () => {
  it("TRF-3 An entry of a list keeps the first contact, the queue and the direction that the stream gave.", () => {
    const stream = second("connected");
    const { type: _, ...entry } = second("hold", NOON + 5);
    const bare = entry.contacts.map((contact) => ({ ...contact, initialContactId: null, queue: null, direction: null }));
    const center = transferred(stream, { type: "roster.snapshot", takenAt: NOON + 5, agents: [{ ...entry, contacts: bare }] });
    expect(center.agent("agent-2")).toMatchObject({ status: "on hold", sentimentScore: -2.5, queue: "BasicQueue" });
  });
});
