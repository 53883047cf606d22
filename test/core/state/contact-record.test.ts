import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const ofContact = (contactId = "contact-1", initialContactId: string | null = null) => ({ contactId, initialContactId });
const ended = (occurredAt: number, ...ids: Parameters<typeof ofContact>): Update => ({
  type: "contact.ended",
  occurredAt,
  ...ofContact(...ids),
});
const category = (name: string, occurredAt: number, ...ids: Parameters<typeof ofContact>): Update => ({
  type: "contact.category",
  name,
  occurredAt,
  ...ofContact(...ids),
});
const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const removed = (occurredAt: number): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt });
function snapshot(takenAt: number, ...states: AgentState[]): Update {
  return { type: "roster.snapshot", takenAt, agents: states.map(({ type: _, ...body }) => body) };
}

function centerAfter(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}
const LATER = { occurredAt: NOON + 1 };
const STALE = { accepted: 0, stale: 1 };
const ACCEPTED = { accepted: 1, stale: 0 };

describe("Repeated and outdated updates", () => {
  it.each<[string, Update, Update, Update]>([
    ["score", aSentiment(1, { occurredAt: NOON - 1 }), aSentiment(1), aSentiment(1, { occurredAt: NOON + 1 })],
    ["contact.ended", ended(NOON - 1), ended(NOON), ended(NOON + 1)],
    ["transcription", aTranscription("off", { occurredAt: NOON - 1 }), aTranscription("live"), aTranscription("live", LATER)],
    ["category", category("A", NOON + 1), category("A", NOON), category("A", NOON - 1)],
    ["heartbeat", heartbeat(NOON - 1), heartbeat(NOON), heartbeat(NOON + 1)],
    ["agent.removed", removed(NOON - 1), removed(NOON), removed(NOON + 1)],
    ["snapshot", snapshot(NOON - 1), snapshot(NOON), snapshot(NOON + 1)],
    ["snapshot", snapshot(NOON - 1, anAgentState()), snapshot(NOON, anAgentState()), snapshot(NOON + 1, anAgentState())],
  ])("ING-7 A repeated or older %s is stale, and a newer one is accepted.", (_, older, same, newer) => {
    const center = centerAfter(same);
    expect([center.post(same), center.post(older), center.post(newer)]).toMatchObject([STALE, STALE, ACCEPTED]);
  });

  it("ING-7 An update that is otherwise stale is accepted when it brings the id of the first contact.", () => {
    const makers: ((initialContactId: string | null) => Update)[] = [
      (initialContactId) => aSentiment(1, { initialContactId }),
      (initialContactId) => ended(NOON, "contact-1", initialContactId),
      (initialContactId) => aTranscription("live", { initialContactId }),
      (initialContactId) => category("A", NOON, "contact-1", initialContactId),
      (initialContactId) => aTurn({ initialContactId }),
    ];
    for (const make of makers) {
      const center = centerAfter(make(null));
      const again = make("contact-0");
      expect([center.post(again), center.post(again)]).toMatchObject([ACCEPTED, STALE]);
    }
  });

  it("ROS-16 A category after the first 100 is stale, and of equal times the greatest name is left out.", () => {
    const posted = Array.from({ length: 101 }, (_, index) => category(`c${100 + index}`, NOON));
    for (const order of [posted, posted.toReversed()]) {
      const center = centerAfter(anAgentState({ contacts: [aContact()] }), ...order);
      expect(center.agent().categories).toEqual(posted.slice(0, 100).map((update) => "name" in update && update.name));
      expect(center.post(category("c200", NOON))).toMatchObject(STALE);
      expect(center.post(category("late", NOON + 1))).toMatchObject(STALE);
    }
  });
});

describe("The closest contact of a call", () => {
  const onCall = anAgentState({ contacts: [aContact(ofContact("call-2", "call-1"))] });
  const scored = (score: number, occurredAt: number, ...ids: Parameters<typeof ofContact>) =>
    aSentiment(score, { occurredAt, ...ofContact(...ids) });

  it("ROS-7 A later contact of the agent's own contact is closer than a sibling with newer news.", () => {
    const later = scored(3, NOON, "call-9", "call-2");
    const sibling = scored(4, NOON + 5, "call-3", "call-1");
    expect(centerAfter(onCall, later, sibling).agent().sentimentScore).toBe(3);
    expect(centerAfter(onCall, sibling, later).agent().sentimentScore).toBe(3);
  });

  it.each<[string, Update]>([
    ["category", category("A", NOON + 9, "call-3", "call-1")],
    ["contact.ended", ended(NOON + 9, "call-3", "call-1")],
    ["transcription", aTranscription("live", { occurredAt: NOON + 9, ...ofContact("call-3", "call-1") })],
  ])("ROS-7 The newest %s decides between siblings like the newest score.", (_, news) => {
    const scores = [scored(3, NOON, "call-3", "call-1"), scored(4, NOON + 5, "call-4", "call-1")];
    expect(centerAfter(onCall, ...scores).agent().sentimentScore).toBe(4);
    expect(centerAfter(onCall, ...scores, news).agent().sentimentScore).toBe(3);
  });

  it("ROS-7 The first contact with a score counts, although a closer one is known without.", () => {
    expect(centerAfter(onCall, scored(3, NOON, "call-1"), category("A", NOON, "call-2")).agent().sentimentScore).toBe(3);
  });

  it("ROS-16 The categories of all contacts of the call are shown, each at its first match.", () => {
    const matched = [
      category("A", NOON + 9, "call-2", "call-1"),
      category("B", NOON + 5, "call-2", "call-1"),
      category("A", NOON + 1, "call-1"),
      category("C", NOON + 3, "call-3", "call-1"),
    ];
    for (const order of [matched, matched.toReversed()]) {
      expect(centerAfter(onCall, ...order).agent().categories).toEqual(["A", "C", "B"]);
    }
  });

  it("TRA-3 A transcript without turns is complete when the only known contact of the call has ended and nobody talks.", () => {
    const over = anAgentState({ contacts: [aContact({ ...ofContact("call-2", "call-1"), state: "ended" })] });
    const center = centerAfter(over, ended(NOON + 1, "call-1"));
    expect(center.state.transcript("call-2")).toMatchObject({ complete: true, turns: [] });
  });
});

describe("A contact of agents that are gone", () => {
  const holding = (agentId: string, fields: Partial<AgentState> = {}) =>
    anAgentState({ agentId, groups: [agentId], contacts: [aContact()], ...fields });

  it("TRA-4 An agent that signed out holds no contact, although its news still names one.", () => {
    const center = centerAfter(holding("agent-1"), holding("agent-2"), aTurn());
    center.post(holding("agent-1", { occurredAt: NOON + 1, signedIn: false }));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
  });

  it("TRA-4 An agent that a snapshot leaves out holds no contact, also after the other let go.", () => {
    const center = centerAfter(holding("agent-1"), holding("agent-2"), aTurn());
    center.post(snapshot(NOON + 1, holding("agent-2", { occurredAt: NOON + 1 })));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
    center.post(holding("agent-2", { occurredAt: NOON + 2, contacts: [] }));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
  });

  it("TIM-3 The end of a shared call is kept for the agent whose news is older, although the other's is newer.", () => {
    const center = centerAfter(holding("agent-1"), holding("agent-2"), ended(NOON + 1));
    center.post(holding("agent-2", { occurredAt: NOON + 2 }));
    center.expireAt(NOON + 10 * MINUTE);
    expect(center.agents().map(({ status }) => status)).toEqual(["after call work", "on a call"]);
  });
});

describe("An agent without a state", () => {
  it("ROS-2 A heartbeat from before the first state counts after cleanup and restart.", () => {
    const center = new Center();
    center.post(heartbeat(NOON + 4 * MINUTE));
    center.expireAt(NOON + 4 * MINUTE + DEFAULT_EXPIRY.strangerExpiresAfterMs - 1);
    center.restart();
    center.now = NOON + 6 * MINUTE;
    center.post(anAgentState());
    expect(center.agent().stale).toBe(false);
  });
});
