import { describe, expect, it } from "vitest";
import type { AgentSnapshotBody, AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;

/** A heartbeat that repeats these fields of a state. */
function heartbeat(occurredAt: number, fields: Partial<AgentState> = {}): Update {
  const { type: _, agentId, occurredAt: __, order: ___, ...snapshot } = anAgentState(fields);
  return { type: "agent.heartbeat", agentId, occurredAt, snapshot: snapshot satisfies AgentSnapshotBody };
}
const bare = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const emptyList = (takenAt: number): Update => ({ type: "roster.snapshot", takenAt, agents: [] });
const signOut = (occurredAt: number) =>
  anAgentState({ occurredAt, signedIn: false, status: { name: "Offline", kind: "offline", since: occurredAt } });

/** Posts the updates one by one, forwards and backwards, with and without a restart. Returns the agent, which is always the same. */
function agentAfter(...updates: Update[]) {
  const centers = [updates, updates.toReversed()].map((each) => {
    const center = new Center();
    center.postEach(...each);
    return center;
  });
  const [first, second] = centers.map((center) => center.agents()[0]);
  expect(second).toEqual(first);
  for (const center of centers) {
    center.restart();
    expect(center.agents()[0]).toEqual(first);
  }
  return first;
}

describe("ROS-20 A heartbeat with a snapshot", () => {
  const talking = { contacts: [aContact({ since: NOON + 5_000, connectedAt: NOON + 5_000 })] };

  it("ROS-20 A heartbeat heals a lost event: a call that began, and a call that ended.", () => {
    expect(agentAfter(anAgentState(), heartbeat(NOON + MINUTE, talking))).toMatchObject({
      status: "on a call",
      contactId: "contact-1",
      callStartedAt: NOON + 5_000,
    });
    const onCall = anAgentState({ ...talking, occurredAt: NOON + 5_000 });
    expect(agentAfter(onCall, heartbeat(NOON + 2 * MINUTE))).toMatchObject({ status: "available", since: NOON + 5_000 });
  });

  it("ROS-20 A heartbeat brings an agent onto the board of whom nothing else is known.", () => {
    expect(agentAfter(heartbeat(NOON, talking))).toMatchObject({ status: "on a call", name: "Jane Doe", groups: ["Ventas"] });
  });

  it("ROS-20 Heartbeats that go on after a sign-out do not sign the agent in.", () => {
    const after = [heartbeat(NOON + 2 * MINUTE, talking), heartbeat(NOON + 4 * MINUTE, talking)];
    const offline = { status: "offline", since: NOON + MINUTE };
    expect(agentAfter(anAgentState(), signOut(NOON + MINUTE), ...after)).toMatchObject(offline);
  });

  it("ROS-20 A heartbeat signs the agent in when it shows something newer than the sign-out.", () => {
    const status = { name: "Available", kind: "routable", since: NOON + 10 * MINUTE } as const;
    expect(agentAfter(signOut(NOON + MINUTE), heartbeat(NOON + 11 * MINUTE, { status }))).toMatchObject({ status: "available" });
  });

  it("ROS-20 A heartbeat keeps the later start of the same status, which only the events know.", () => {
    const freed = anAgentState({ status: { name: "Available", kind: "routable", since: NOON } });
    expect(agentAfter(freed, heartbeat(NOON + MINUTE))).toMatchObject({ status: "available", since: NOON });
  });

  it("ROS-20 At the same time a state counts before a heartbeat.", () => {
    expect(agentAfter(anAgentState(), heartbeat(NOON, talking))).toMatchObject({ status: "available" });
  });

  it("ROS-20 A heartbeat of a deleted user does not bring the agent back, unless it shows something newer.", () => {
    const removed: Update = { type: "agent.removed", agentId: "agent-1", occurredAt: NOON + MINUTE };
    expect(agentAfter(anAgentState(), removed, heartbeat(NOON + 2 * MINUTE))).toBeUndefined();
    const status = { name: "Available", kind: "routable", since: NOON + 90_000 } as const;
    expect(agentAfter(removed, heartbeat(NOON + 2 * MINUTE, { status }))).toMatchObject({ status: "available" });
  });

  it("ROS-6 A heartbeat with a snapshot keeps nobody signed in against a newer list, and one without does.", () => {
    const list = emptyList(NOON + MINUTE);
    const offline = { status: "offline", since: NOON };
    expect(agentAfter(anAgentState(), list, heartbeat(NOON + 2 * MINUTE))).toMatchObject(offline);
    expect(agentAfter(anAgentState(), list, bare(NOON + 2 * MINUTE))).toMatchObject({ status: "available" });
    const status = { name: "Almuerzo", kind: "custom", since: NOON + 70_000 } as const;
    expect(agentAfter(anAgentState(), list, heartbeat(NOON + 2 * MINUTE, { status }))).toMatchObject({ status: "away" });
  });

  it("TIM-1 A heartbeat with a snapshot keeps an agent from becoming stale, and costs a row only now and then.", () => {
    const center = new Center();
    center.post(anAgentState());
    const before = center.store.rowsWritten;
    for (let minute = 2; minute <= 8; minute += 2) {
      center.now = NOON + minute * MINUTE;
      center.post(heartbeat(center.now));
    }
    center.expireAt(NOON + 9 * MINUTE);
    expect(center.agent().stale).toBe(false);
    expect(center.store.rowsWritten - before).toBeLessThanOrEqual(3);
  });
});
