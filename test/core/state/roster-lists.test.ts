import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const state = (agentId: string, fields: Partial<AgentState> = {}) => anAgentState({ agentId, ...fields });

/** One part of a list. `of` = part and number of parts; null = the whole list. */
function list(takenAt: number, of: readonly [number, number] | null, ...agentIds: string[]): Update {
  const agents = agentIds.map((agentId) => {
    const { type: _, ...body } = state(agentId, { occurredAt: takenAt });
    return body;
  });
  return { type: "roster.snapshot", takenAt, agents, ...(of && { part: of[0], parts: of[1] }) };
}

function statuses(center: Center): Record<string, string> {
  return Object.fromEntries(center.agents().map(({ agentId, status }) => [agentId, status]));
}
const three = [state("a"), state("b"), state("c")];

describe("ROS-18 A list in several parts", () => {
  it("ROS-18 The list counts with its last part, in any order of the parts and across a restart.", () => {
    const parts = [list(NOON + MINUTE, [1, 3], "a"), list(NOON + MINUTE, [2, 3], "b"), list(NOON + MINUTE, [3, 3])];
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 3, maxLength: 3 }), fc.boolean(), (order, restarts) => {
        const center = new Center();
        center.post(...three);
        for (const [index, part] of order.entries()) {
          expect(statuses(center)["c"]).toBe("available");
          center.post(part);
          if (restarts) center.restart();
          expect(center.agents()).toHaveLength(3);
          expect(statuses(center)["c"]).toBe(index < 2 ? "available" : "offline");
        }
        expect(statuses(center)).toEqual({ a: "available", b: "available", c: "offline" });
      }),
    );
  });

  it("ROS-18 A lost part signs nobody out, and the entries of the other parts count.", () => {
    const center = new Center();
    center.post(...three, list(NOON + MINUTE, [1, 2], "a", "d"));
    expect(statuses(center)).toEqual({ a: "available", b: "available", c: "available", d: "available" });
    center.post(list(NOON + MINUTE, [1, 2], "a", "d"));
    expect(statuses(center)["b"]).toBe("available");
  });

  it("ROS-18 A newer list replaces an unfinished one, whose late parts change nothing.", () => {
    const center = new Center();
    center.post(...three, list(NOON + MINUTE, [1, 2], "a"));
    center.post(list(NOON + 2 * MINUTE, [1, 2], "a"), list(NOON + 2 * MINUTE, [2, 2], "b"));
    expect(statuses(center)).toEqual({ a: "available", b: "available", c: "offline" });
    const late = center.post(list(NOON + MINUTE, [2, 2]));
    expect(late).toMatchObject({ accepted: 0, stale: 1 });
    expect(statuses(center)).toEqual({ a: "available", b: "available", c: "offline" });
  });

  it("ROS-18 The parts of two lists may be mixed, and a list in one post replaces both.", () => {
    const center = new Center();
    center.post(...three);
    center.post(list(NOON + MINUTE, [1, 2], "a"), list(NOON + 2 * MINUTE, [1, 2], "b"));
    center.post(list(NOON + MINUTE, [2, 2], "c"));
    expect(statuses(center)).toEqual({ a: "available", b: "available", c: "available" });
    center.post(list(NOON + 2 * MINUTE, [2, 2]));
    expect(statuses(center)).toEqual({ a: "offline", b: "available", c: "offline" });
    center.post(list(NOON + 3 * MINUTE, null, "c"));
    expect(statuses(center)).toEqual({ a: "offline", b: "offline", c: "available" });
    center.restart();
    expect(statuses(center)).toEqual({ a: "offline", b: "offline", c: "available" });
  });

  it("ROS-18 Twenty unfinished lists take no lasting memory, and the newest can still be completed.", () => {
    const center = new Center();
    center.post(...three);
    for (let minute = 1; minute <= 20; minute += 1) center.post(list(NOON + minute * MINUTE, [1, 2], "a"));
    center.post(list(NOON + 20 * MINUTE, [2, 2], "b"));
    expect(statuses(center)).toEqual({ a: "available", b: "available", c: "offline" });
    expect([...center.store.load("x").listParts].every(({ takenAt }) => takenAt === NOON + 20 * MINUTE)).toBe(true);
  });

  it("ING-14 The answer names the agents on the board that a completed list leaves out, if the sender asks.", () => {
    const center = new Center();
    const removed: Update = { type: "agent.removed", agentId: "b", occurredAt: NOON };
    center.post(...three, removed);
    const asking = (update: Update): Update => ({
      ...update,
      ...(update.type === "roster.snapshot" && { reportUnlisted: true }),
    });
    expect(center.post(asking(list(NOON + MINUTE, [1, 2], "a"))).unlisted).toBeNull();
    expect(center.post(asking(list(NOON + MINUTE, [2, 2]))).unlisted).toEqual(["c"]);
    expect(center.post(list(NOON + 2 * MINUTE, null, "a")).unlisted).toBeNull();
    expect(center.post(asking(list(NOON + 3 * MINUTE, null, "a", "c"))).unlisted).toEqual([]);
  });
});

describe("ROS-21 A list that lags behind the stream", () => {
  const entry = (fields: Partial<AgentState>): Update => {
    const { type: _, ...body } = anAgentState({ occurredAt: NOON + MINUTE, ...fields });
    return { type: "roster.snapshot", takenAt: NOON + MINUTE, agents: [body] };
  };
  const agentAfter = (...updates: Update[]) => {
    const center = new Center();
    center.post(...updates);
    return center.agent();
  };
  const ringing = aContact({ state: "ringing", since: NOON - 5_000, connectedAt: null });

  it("ROS-21 An entry with an older status under another name does not count.", () => {
    const lunch = { name: "Almuerzo", kind: "custom", since: NOON } as const;
    expect(agentAfter(anAgentState({ status: lunch }), entry({}))).toMatchObject({ status: "away", statusName: "Almuerzo" });
    expect(agentAfter(anAgentState(), entry({ status: lunch }))).toMatchObject({ status: "away" });
  });

  it("ROS-21 An entry that shows a contact in an earlier state, or one that the stream saw go, does not count.", () => {
    expect(agentAfter(anAgentState({ contacts: [aContact()] }), entry({ contacts: [ringing] }))).toMatchObject({
      status: "on a call",
    });
    const working = aContact({ state: "ended", since: NOON - 9_000, connectedAt: NOON - 60_000 });
    expect(agentAfter(anAgentState(), entry({ contacts: [working] }))).toMatchObject({ status: "available" });
  });

  it("ROS-21 A contact that rings again after it was missed is newer, so the entry counts.", () => {
    const missed = anAgentState({ contacts: [aContact({ state: "missed", since: NOON, connectedAt: null })] });
    expect(agentAfter(missed, entry({ contacts: [{ ...ringing, since: NOON + 20_000 }] }))).toMatchObject({ status: "ringing" });
  });

  it("ROS-21 An entry that shows something newer heals the board.", () => {
    const contacts = [aContact({ since: NOON + 5_000, connectedAt: NOON + 5_000 })];
    expect(agentAfter(anAgentState(), entry({ contacts }))).toMatchObject({ status: "on a call" });
    expect(agentAfter(anAgentState({ contacts: [ringing] }), entry({ contacts: [] }))).toMatchObject({ status: "available" });
  });
});

describe("ROS-22 The next status and the capacity", () => {
  const capacity = [{ channel: "chat" as const, used: 2, max: 5 }];

  it("ROS-22 The board shows them as they were posted, while the agent is signed in.", () => {
    const center = new Center();
    center.post(anAgentState({ nextStatus: "Almuerzo", capacity }));
    expect(center.agent()).toMatchObject({ nextStatus: "Almuerzo", capacity });
    center.post(anAgentState({ occurredAt: NOON + 1, nextStatus: null }));
    expect(center.agent()).toMatchObject({ nextStatus: null, capacity: [] });
    center.post(anAgentState({ occurredAt: NOON + 2, signedIn: false, nextStatus: "Almuerzo", capacity }));
    expect(center.agent()).toMatchObject({ status: "offline", nextStatus: null, capacity: [] });
  });

  it("ROS-22 A list that does not say them keeps those of the stream.", () => {
    const center = new Center();
    center.post(anAgentState({ nextStatus: "Almuerzo", capacity }), list(NOON + MINUTE, null, "agent-1"));
    expect(center.agent()).toMatchObject({ nextStatus: "Almuerzo", capacity });
  });

  it("ROS-22 Legacy viewers do not get them.", () => {
    const center = new Center();
    center.post(anAgentState({ nextStatus: "Almuerzo", capacity }));
    const port = center.join("legacy", { legacy: true });
    const [frame] = port.newFrames();
    expect(frame?.data[0]).not.toHaveProperty("nextStatus");
    expect(frame?.data[0]).not.toHaveProperty("capacity");
    expect(center.join("today").newFrames()[0]?.data[0]).toMatchObject({ nextStatus: "Almuerzo", capacity });
  });
});
