import { describe, expect, it } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const onCall = anAgentState({ contacts: [aContact()] });
const ended = (occurredAt: number): Update => ({
  type: "contact.ended",
  contactId: "contact-1",
  initialContactId: null,
  occurredAt,
});
const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const removed = (occurredAt: number): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt });
const rowsOf = (center: Center, ...updates: Update[]) => {
  const before = center.store.rowsWritten;
  center.post(...updates);
  return center.store.rowsWritten - before;
};

function centerWith(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

describe("A contact in storage", () => {
  it("TRA-3 The hub still finds the turns of the call's first contact after a restart.", () => {
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    const center = centerWith(anAgentState({ contacts: [second] }), aSentiment(1, { contactId: "contact-2" }), aTurn());
    center.restart();
    expect(center.state.transcript("contact-2").turns).toHaveLength(1);
  });

  it("TRA-3 The hub still finds turns after a restart that came after the contact's score.", () => {
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    const center = centerWith(
      anAgentState({ contacts: [second] }),
      aSentiment(1, { contactId: "contact-2" }),
      aSentiment(1),
      aTurn(),
    );
    center.restart();
    expect(center.state.transcript("contact-2").turns).toHaveLength(1);
  });

  it("ING-7 An end and a turn of one contact in one post are both stored, in either order.", () => {
    const post: Update[] = [ended(NOON + 1), aTurn({ turnId: "turn-2" })];
    for (const order of [post, post.toReversed()]) {
      const center = centerWith(onCall, aTurn());
      center.post(...order);
      center.restart();
      center.expireAt(NOON + 2);
      expect(center.agent().status).toBe("after call work");
      expect(center.state.transcript("contact-1")).toMatchObject({ complete: true, turns: [{}, {}] });
    }
  });

  it("ING-7 A further turn writes its own row and none of its contact.", () => {
    const center = centerWith(onCall);
    expect(rowsOf(center, aTurn())).toBe(2);
    expect(rowsOf(center, aTurn({ turnId: "turn-2" }))).toBe(1);
    expect(rowsOf(center, aTurn({ turnId: "turn-3" }), aTurn({ turnId: "turn-4" }))).toBe(2);
  });

  it("ING-7 A turn that brings the id of the first contact writes the contact, although the turn is known.", () => {
    const center = centerWith(aTurn());
    expect(rowsOf(center, aTurn({ initialContactId: "contact-0", occurredAt: NOON - 1 }))).toBe(1);
    center.restart();
    expect(center.state.transcript("contact-0").turns).toHaveLength(1);
  });

  it("TRA-4 An agent's news writes no contact whose groups stay as they are.", () => {
    const center = centerWith(onCall, aTurn(), aSentiment(1));
    expect(rowsOf(center, anAgentState({ occurredAt: NOON + 1, contacts: [aContact({ queue: "Otra" })] }))).toBe(1);
    expect(
      rowsOf(center, anAgentState({ occurredAt: NOON + 2, groups: ["Soporte"], contacts: [aContact({ queue: "Otra" })] })),
    ).toBe(2);
    expect(rowsOf(center, anAgentState({ occurredAt: NOON + 3, groups: ["Soporte"] }))).toBe(1);
  });
});

describe("An agent in storage", () => {
  it("TIM-4 A removal that comes again after its tombstone expired is stored again, also when the clock was set back.", () => {
    const center = centerWith(removed(NOON));
    center.expireAt(NOON + 30 * DAY);
    center.now = NOON;
    expect(rowsOf(center, removed(NOON))).toBe(1);
    center.restart();
    center.post(anAgentState());
    expect(center.agents()).toEqual([]);
  });

  it("ROS-2 Heartbeats write a row once they are more than half the stale limit ahead of storage.", () => {
    const center = centerWith(anAgentState());
    const half = center.times.staleAfterMs / 2;
    expect(rowsOf(center, heartbeat(NOON + half))).toBe(0);
    expect(rowsOf(center, heartbeat(NOON + half + 1))).toBe(1);
    expect(rowsOf(center, heartbeat(NOON + 2 * half + 1))).toBe(0);
    expect(rowsOf(center, heartbeat(NOON + 2 * half + 2))).toBe(1);
  });

  it("ROS-2 A state that differs only in what the board does not show is stored.", () => {
    const center = centerWith(anAgentState());
    expect(rowsOf(center, anAgentState({ occurredAt: NOON + 1, username: "jane.roe" }))).toBe(1);
  });

  it("ROS-6 A snapshot that says the same of an agent writes the list and no agent.", () => {
    const { type: _, ...body } = anAgentState();
    const snapshot = (takenAt: number): Update => ({
      type: "roster.snapshot",
      takenAt,
      agents: [{ ...body, occurredAt: takenAt }],
    });
    const center = centerWith(anAgentState(), snapshot(NOON + 1000));
    expect(rowsOf(center, snapshot(NOON + 2000))).toBe(1);
    expect(rowsOf(center, snapshot(NOON + 1500))).toBe(0);
  });

  it("ROS-6 A heartbeat of the time of a snapshot without the agent is stored, so that a restart signs nobody out.", () => {
    const center = centerWith(anAgentState(), heartbeat(NOON + MINUTE));
    center.post({ type: "roster.snapshot", takenAt: NOON + MINUTE, agents: [] });
    center.restart();
    center.expireAt(NOON + MINUTE);
    expect(center.agent().status).toBe("available");
  });

  it("ROS-6 A heartbeat writes no row while storage knows news as new as the snapshot without the agent.", () => {
    const center = centerWith(anAgentState(), { type: "roster.snapshot", takenAt: NOON, agents: [] });
    expect(rowsOf(center, heartbeat(NOON + MINUTE))).toBe(0);
    center.restart();
    center.expireAt(NOON + MINUTE);
    expect(center.agent().status).toBe("available");
  });
});
