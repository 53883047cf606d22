import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentContact, AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const at = (minute: number) => NOON + minute * 60_000;
const offer = (contactId: string, state: AgentContact["state"], minute: number, fields: Partial<AgentContact> = {}) =>
  aContact({ contactId, state, since: at(minute), connectedAt: null, ...fields });
const holding = (minute: number, ...contacts: AgentContact[]) => anAgentState({ occurredAt: at(minute), contacts });
const free = (minute: number, fields: Partial<AgentState> = {}) =>
  anAgentState({ occurredAt: at(minute), contacts: [], ...fields });

function missedAfter(...updates: Update[]): number | null {
  const center = new Center();
  center.now = at(60);
  center.postEach(...updates);
  return center.state.evidenceOf("agent-1").missedInRow;
}

describe("ROS-25 Offers that an agent missed in a row", () => {
  it("are missed, rejected and failed ones since the last conversation.", () => {
    const first = [holding(1, offer("a", "missed", 1)), free(2), holding(3, offer("b", "rejected", 3)), free(4)];
    expect(missedAfter(...first)).toBe(2);
    expect(missedAfter(...first, holding(5, offer("c", "error", 5)))).toBe(3);
    const talk = holding(6, aContact({ contactId: "d", since: at(6), connectedAt: at(6) }));
    expect(missedAfter(...first, talk)).toBe(0);
    expect(missedAfter(...first, talk, free(7), holding(8, offer("e", "missed", 8)))).toBe(1);
  });

  it("are null for an agent of whom the stream says nothing, and 0 for one who missed none.", () => {
    expect(missedAfter()).toBeNull();
    expect(missedAfter({ type: "agent.heartbeat", agentId: "agent-1", occurredAt: at(1) })).toBeNull();
    expect(missedAfter(free(1))).toBe(0);
  });

  it("count an offer once, however often the news of it is repeated.", () => {
    const missed = holding(1, offer("a", "missed", 1));
    expect(missedAfter(missed, missed, { ...missed, occurredAt: at(2) })).toBe(1);
  });

  it("count one contact twice when it is offered to the agent again.", () => {
    expect(missedAfter(holding(1, offer("a", "missed", 1)), holding(2, offer("a", "missed", 2)))).toBe(2);
  });

  it("do not count a ringing one, nor a conversation that breaks off with an error.", () => {
    expect(missedAfter(holding(1, offer("a", "ringing", 1)))).toBe(0);
    expect(missedAfter(holding(3, offer("a", "error", 3, { connectedAt: at(1) })))).toBe(0);
  });

  it("end with a conversation of which only its after call work is known, on every channel.", () => {
    const missed = [holding(1, offer("a", "missed", 1)), free(2)];
    expect(missedAfter(...missed, holding(9, offer("b", "ended", 9, { connectedAt: at(5) })))).toBe(0);
    expect(
      missedAfter(...missed, holding(9, aContact({ contactId: "b", channel: "chat", since: at(5), connectedAt: null }))),
    ).toBe(0);
  });

  it("go on while the agent misses calls beside a chat that began before.", () => {
    const chat = aContact({ contactId: "chat", channel: "chat", since: at(1), connectedAt: at(1) });
    expect(
      missedAfter(holding(2, chat, offer("a", "missed", 2)), holding(3, chat), holding(4, chat, offer("b", "missed", 4))),
    ).toBe(2);
  });

  it("begin anew after a sign-out and after the user was deleted.", () => {
    const missed = [holding(1, offer("a", "missed", 1)), free(2)];
    expect(missedAfter(...missed, free(3, { signedIn: false }))).toBe(0);
    expect(missedAfter(...missed, { type: "agent.removed", agentId: "agent-1", occurredAt: at(3) }, free(4))).toBe(0);
  });

  it("count one that only an old update or a heartbeat shows, and such an old update stays stale.", () => {
    const center = new Center();
    center.post(free(5));
    expect(center.post(holding(1, offer("a", "missed", 1)))).toMatchObject({ accepted: 0, stale: 1 });
    expect(center.state.evidenceOf("agent-1").missedInRow).toBe(1);
    const { name, signedIn, status, routingProfile, groups, username } = free(6);
    const snapshot = { name, signedIn, status, routingProfile, groups, username, contacts: [offer("b", "missed", 6)] };
    center.post({ type: "agent.heartbeat", agentId: "agent-1", occurredAt: at(7), snapshot });
    expect(center.state.evidenceOf("agent-1").missedInRow).toBe(2);
    center.restart();
    expect(center.state.evidenceOf("agent-1").missedInRow).toBe(2);
  });

  it("are the same in every order of the updates, with repeats.", () => {
    const minute = fc.integer({ min: 0, max: 8 });
    const contact = fc
      .record({
        contactId: fc.constantFrom("a", "b", "c"),
        state: fc.constantFrom("ringing", "connected", "hold", "ended", "missed", "rejected", "error"),
        since: minute,
        connectedAt: fc.option(minute, { nil: null, freq: 3 }),
      })
      .map(({ contactId, state, since, connectedAt }) =>
        offer(contactId, state, since, { connectedAt: connectedAt === null ? null : at(connectedAt) }),
      );
    const state = fc
      .record({
        minute,
        signedIn: fc.boolean(),
        contacts: fc.uniqueArray(contact, { maxLength: 2, selector: (c) => c.contactId }),
      })
      .map(({ minute: when, signedIn, contacts }): Update => free(when, { signedIn, contacts }));
    const removed = minute.map((when): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt: at(when) }));
    const updates = fc.array(fc.oneof({ arbitrary: state, weight: 8 }, removed), { minLength: 1, maxLength: 8 });
    const orders = updates.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(orders, ([list, shuffled]) => {
        expect(missedAfter(...shuffled)).toBe(missedAfter(...list));
      }),
      { numRuns: 300 },
    );
  });
});
