import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { Update } from "../../../protocol/updates.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const DAY = 24 * 60 * 60_000;
const HOUR = DAY / 24;
const heartbeat = (occurredAt: number, agentId = "agent-1"): Update => ({ type: "agent.heartbeat", agentId, occurredAt });
const signedOut = (occurredAt = NOON) => anAgentState({ signedIn: false, occurredAt });

function centerWith(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

function listPart(takenAt: number, part: number, parts: number, ...agentIds: string[]): Update {
  const agents = agentIds.map((agentId) => {
    const { type: _, ...body } = anAgentState({ agentId, occurredAt: takenAt });
    return body;
  });
  return { type: "roster.snapshot", takenAt, agents, part, parts };
}

describe("Agents without news", () => {
  it.each([
    ["is signed out", signedOut()],
    ["never signed out", anAgentState()],
  ])("FGT-1 An agent who %s and of whom nothing is heard for 30 days leaves the board.", (_, state) => {
    const center = centerWith(state);
    center.expireAt(NOON + 30 * DAY - 1);
    expect(center.agents()).toHaveLength(1);
    const { seq } = center.state.board;
    center.expireAt(NOON + 30 * DAY);
    expect(center.agents()).toEqual([]);
    expect(center.state.board.seq).toBe(seq + 1);
    center.restart();
    expect(center.agents()).toEqual([]);
  });

  it("FGT-1 The setting decides how long agents stay.", () => {
    const center = new Center({ ...DEFAULT_EXPIRY, agentForgottenAfterMs: 2 * DAY });
    center.post(signedOut());
    expect(center.state.nextWake()).toBe(NOON + 2 * DAY);
    center.expireAt(NOON + 2 * DAY);
    expect(center.agents()).toEqual([]);
  });

  it("FGT-1 A heartbeat, a list or a state keeps an agent on the board.", () => {
    const center = centerWith(anAgentState());
    center.now = NOON + 20 * DAY;
    center.post(heartbeat(center.now));
    center.expireAt(NOON + 45 * DAY);
    center.post(listPart(NOON + 45 * DAY, 1, 1, "agent-1"));
    center.expireAt(NOON + 70 * DAY);
    expect(center.agents()).toHaveLength(1);
    expect(center.state.nextWake()).toBe(NOON + 75 * DAY);
  });

  it("FGT-1 An agent whose source has a clock of years ago stays for 30 days after its news arrived.", () => {
    const center = new Center();
    center.now = NOON + 900 * DAY;
    center.post(anAgentState({ agentId: "old" }), { type: "roster.snapshot", takenAt: NOON + 1, agents: [] });
    center.expireAt(NOON + 930 * DAY - 1);
    expect(center.agent("old").status).toBe("offline");
    center.expireAt(NOON + 930 * DAY);
    expect(center.agents()).toEqual([]);
  });

  it("FGT-1 A forgotten agent comes back with newer news, and not with the news that was forgotten.", () => {
    const center = centerWith(signedOut());
    center.expireAt(NOON + 30 * DAY);
    expect(center.post(signedOut()).stale).toBe(1);
    expect(center.agents()).toEqual([]);
    center.post(anAgentState({ occurredAt: NOON + 30 * DAY }));
    expect(center.agent().status).toBe("available");
  });

  it("FGT-1 A viewer that comes back learns that an agent was forgotten, until the tombstone expires.", () => {
    const center = centerWith(signedOut());
    center.expireAt(NOON + 30 * DAY);
    expect(center.state.board.canResume({ epoch: center.state.board.epoch, seq: 1 })).toBe(true);
    center.expireAt(NOON + 60 * DAY);
    expect(center.state.board.canResume({ epoch: center.state.board.epoch, seq: 1 })).toBe(false);
    expect([...center.store.load("new").agents]).toEqual([]);
    expect(center.state.nextWake()).toBeNull();
  });
});

describe("Strangers", () => {
  it("FGT-2 A heartbeat of an unknown agent is forgotten after a day, and costs no viewer its position.", () => {
    const center = centerWith(anAgentState({ agentId: "agent-2" }));
    center.postEach(...Array.from({ length: 100 }, (_, index) => heartbeat(NOON, `stranger-${index}`)));
    center.expireAt(NOON + DAY - 1);
    expect([...center.store.load("new").agents]).toHaveLength(101);
    center.expireAt(NOON + DAY);
    expect([...center.store.load("new").agents]).toHaveLength(1);
    expect(center.state.board.oldestResumableSeq).toBe(0);
  });

  it("FGT-2 Repeated heartbeats of an agent who was deleted end with them.", () => {
    const center = centerWith(anAgentState(), { type: "agent.removed", agentId: "agent-1", occurredAt: NOON + 1 });
    center.now = NOON + HOUR;
    center.post(heartbeat(NOON + HOUR));
    center.expireAt(NOON + 30 * DAY);
    center.post(heartbeat(NOON + 30 * DAY));
    center.expireAt(NOON + 31 * DAY);
    expect([...center.store.load("new").agents]).toEqual([]);
    expect(center.state.nextWake()).toBeNull();
  });
});

describe("Lists", () => {
  it("FGT-3 A list that is never complete is deleted when eight newer ones have begun, also from storage.", () => {
    const center = new Center();
    for (let number = 1; number <= 30; number += 1) center.post(listPart(NOON + number, 1, 2, "agent-1"));
    expect([...center.store.load("new").listParts].map(({ takenAt }) => takenAt - NOON)).toEqual([
      23, 24, 25, 26, 27, 28, 29, 30,
    ]);
  });

  it.each([
    ["in one part", [listPart(NOON, 1, 1, "agent-1")]],
    ["in two parts", [listPart(NOON, 1, 2, "agent-1"), listPart(NOON, 2, 2, "agent-2")]],
    ["with a part that never came", [listPart(NOON, 1, 2, "agent-1")]],
  ])("FGT-3 A list %s goes with the agents of its time.", (_, updates) => {
    const center = centerWith(...updates);
    for (let wake = center.state.nextWake(); wake !== null; wake = center.state.nextWake()) center.expireAt(wake);
    expect(center.now).toBe(NOON + 60 * DAY);
    const stored = center.store.load("new");
    expect([...stored.agents, ...stored.listParts, ...stored.listing.agentIds]).toEqual([]);
    expect(stored.listing.takenAt).toBe(0);
  });
});
