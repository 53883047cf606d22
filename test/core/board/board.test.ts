import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { filterKey, type GroupFilter, mayView, viewEpoch } from "../../../core/board/visibility.ts";
import { AGENTS } from "../../../core/state/agent-row.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { groups, update } from "../arbitraries.ts";
import { Center } from "../center.ts";

const DAY = 24 * 60 * 60_000;
const removed = (occurredAt: number, agentId = "agent-1"): Update => ({ type: "agent.removed", agentId, occurredAt });
const moved = (occurredAt: number, ...to: string[]) => anAgentState({ occurredAt, groups: to });

function since(center: Center, seq: number, groupFilter: GroupFilter = null) {
  const { epoch } = center.state.board;
  const found = center.missedSince(epoch, seq, groupFilter);
  return found === null ? null : { changed: found.changed.map(({ agentId }) => agentId).sort(), removed: found.removed };
}

describe("seq and epoch", () => {
  it("SEQ-1 every public change takes the next number, and what changes nothing takes none", () => {
    const center = new Center();
    const seqs = [
      anAgentState(),
      moved(NOON + 1, "Ventas"),
      moved(NOON + 2, "Soporte"),
      removed(NOON + 3),
      removed(NOON + 4),
    ].map((one) => {
      center.post(one);
      return center.state.board.seq;
    });
    expect(seqs).toEqual([1, 1, 2, 3, 3]);
  });

  it("SEQ-1 one post changes an agent once, whatever it says on the way", () => {
    const center = new Center();
    center.post(anAgentState(), moved(NOON + 1, "A"), moved(NOON + 2, "B"));
    expect(center.state.board.seq).toBe(1);
  });

  it("SEQ-2 survive a restart, the last number too", () => {
    const center = new Center();
    center.postEach(anAgentState(), moved(NOON + 1, "A"), removed(NOON + 2));
    const { epoch, seq } = center.state.board;
    center.restart();
    expect([center.state.board.epoch, center.state.board.seq]).toEqual([epoch, seq]);
    expect(since(center, 0)).toEqual({ changed: [], removed: ["agent-1"] });
  });
});

describe("what was missed", () => {
  it("SEQ-5 are the agents that changed, whole, and those that went", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), anAgentState({ agentId: "agent-3" }));
    center.postEach(moved(NOON + 1, "A"), removed(NOON + 1, "agent-2"));
    expect(since(center, 0)).toEqual({ changed: ["agent-1", "agent-3"], removed: ["agent-2"] });
    expect(since(center, 3)).toEqual({ changed: ["agent-1"], removed: ["agent-2"] });
    expect(since(center, 4)).toEqual({ changed: [], removed: ["agent-2"] });
    expect(since(center, 5)).toEqual({ changed: [], removed: [] });
  });

  it("SEQ-6 cannot be said of another epoch, nor from a number that was never given out", () => {
    const center = new Center();
    center.post(anAgentState());
    expect(center.missedSince("another", 0, null)).toBeNull();
    expect(since(center, 2)).toBeNull();
    expect(since(center, -1)).toBeNull();
  });

  it("SEQ-6 cannot be said from before a forgotten tombstone, but from its number on", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), removed(NOON + 1));
    center.expireAt(NOON + 31 * DAY);
    expect(since(center, 2)).toBeNull();
    expect(since(center, 3)).not.toBeNull();
    center.restart();
    expect(since(center, 2)).toBeNull();
    expect(center.state.board.seq).toBeGreaterThanOrEqual(3);
  });

  it("SEQ-6 numbers go on after the newest agent was forgotten and the hub restarted", () => {
    const center = new Center();
    center.postEach(anAgentState(), removed(NOON + 1));
    center.expireAt(NOON + 31 * DAY);
    center.restart();
    expect(center.state.board.seq).toBe(2);
    center.post(anAgentState({ agentId: "agent-2" }));
    expect(center.state.board.seq).toBe(3);
  });
});

describe("group limits", () => {
  it("VIS-1 no group filter sees all, a group filter those who share a group, an empty group filter nobody", () => {
    const center = new Center();
    center.postEach(
      anAgentState({ agentId: "a", groups: ["Ventas", "México"] }),
      anAgentState({ agentId: "b", groups: ["Soporte"] }),
      anAgentState({ agentId: "c", groups: [] }),
    );
    const seen = (groupFilter: GroupFilter) => center.agents(groupFilter).map(({ agentId }) => agentId);
    expect(seen(null)).toEqual(["a", "b", "c"]);
    expect(seen(["México", "Soporte"])).toEqual(["a", "b"]);
    expect(seen(["Soporte"])).toEqual(["b"]);
    expect(seen(["soporte"])).toEqual([]);
    expect(seen([])).toEqual([]);
  });

  it("VIS-1 order and repetition of groups mean nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (groupFilter, of) => {
        const other = [...groupFilter.toReversed(), ...groupFilter];
        expect(filterKey(other)).toBe(filterKey(groupFilter));
        expect(mayView(other, of)).toBe(mayView(groupFilter, of));
        expect(filterKey(groupFilter)).not.toBe(filterKey(null));
      }),
    );
  });

  it("VIS-1 groups that only look alike together are another limit", () => {
    expect(filterKey(["a,b"])).not.toBe(filterKey(["a", "b"]));
    expect(filterKey(["*"])).not.toBe(filterKey(null));
  });

  it("VIS-3 who left the groups is removed for a viewer from before, and only for that one", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Ventas"), moved(NOON + 1, "Soporte"));
    expect(since(center, 1, ["Ventas"])).toEqual({ changed: [], removed: ["agent-1"] });
    expect(since(center, 1, ["Soporte"])).toEqual({ changed: ["agent-1"], removed: [] });
    expect(since(center, 1, null)).toEqual({ changed: ["agent-1"], removed: [] });
    expect(since(center, 2, ["Ventas"])).toEqual({ changed: [], removed: [] });
    center.post(anAgentState({ occurredAt: NOON + 2, name: "Ana", groups: ["Soporte"] }));
    expect(since(center, 2, ["Ventas"])).toEqual({ changed: [], removed: [] });
    center.restart();
    expect(since(center, 1, ["Ventas"])).toEqual({ changed: [], removed: ["agent-1"] });
  });

  it("VIS-4 nobody is named who was in none of the viewer's groups", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Soporte"), moved(NOON + 1, "Soporte", "Otros"), removed(NOON + 2));
    for (const from of [0, 1, 2]) expect(since(center, from, ["Ventas"])).toEqual({ changed: [], removed: [] });
  });

  it("SEQ-5 VIS-2 what is missed, put on the board of then, gives the board of now, for every group filter and position", () => {
    const limits: fc.Arbitrary<GroupFilter> = fc.option(groups, { nil: null });
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 12 }), limits, fc.nat(), (updates, groupFilter, pick) => {
        const center = new Center();
        const cut = pick % updates.length;
        center.postEach(...updates.slice(0, cut));
        const then = new Map(center.agents(groupFilter).map((agent) => [agent.agentId, agent]));
        const everSeen = new Set(then.keys());
        const { epoch, seq } = center.state.board;
        for (const one of updates.slice(cut)) {
          center.post(one);
          for (const { agentId } of center.agents(groupFilter)) everSeen.add(agentId);
        }
        const missed = center.missedSince(epoch, seq, groupFilter);
        if (missed === null) throw new Error("Nothing was forgotten, and yet it could not be said.");
        for (const { agentId } of missed.changed) then.delete(agentId);
        for (const agentId of missed.removed) {
          then.delete(agentId);
          expect(everSeen).toContain(agentId);
        }
        const now = [
          ...then.values(),
          ...center.agents(groupFilter).filter(({ agentId }) => missed.changed.some((agent) => agent.agentId === agentId)),
        ];
        expect(now.sort((a, b) => (a.agentId < b.agentId ? -1 : 1))).toEqual(center.agents(groupFilter));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("where a viewer can stand", () => {
  it("SEQ-4 at the last change it could see, not at one that a group filter hid", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Ventas"), anAgentState({ agentId: "agent-2", groups: ["Soporte"] }));
    const { board } = center.state;
    expect([board.newestVisible(["Ventas"]), board.newestVisible(["Soporte"]), board.newestVisible(["Otros"])]).toEqual([
      1, 2, 0,
    ]);
    expect([board.newestVisible(null), board.newestVisible(null, 1), board.newestVisible(["Soporte"], 1)]).toEqual([2, 1, 0]);
  });

  it("SEQ-4 nor at one of an agent that is gone: a relay's viewers may never have been told of it", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), removed(NOON + 1, "agent-2"));
    expect(center.state.board.newestVisible(null)).toBe(1);
  });

  it("SEQ-8 the epoch of a group filter is another for another group filter, and the same for the same", () => {
    const limits: GroupFilter[] = [null, [], ["Ventas"], ["Soporte"], ["Ventas", "Soporte"]];
    expect(new Set(limits.map((groupFilter) => viewEpoch("epoch-1", groupFilter))).size).toBe(limits.length);
    expect(viewEpoch("epoch-1", ["b", "a", "a"])).toBe(viewEpoch("epoch-1", ["a", "b"]));
    expect(viewEpoch("epoch-1", null)).toBe("epoch-1");
  });
});

describe("rows", () => {
  it("SEQ-2 a replica of the rows is a replica of the board", () => {
    const center = new Center();
    center.postEach(
      anAgentState({ contacts: [aContact()] }),
      moved(NOON + 1, "A"),
      removed(NOON + 2),
      anAgentState({ agentId: "agent-2" }),
    );
    const { epoch, seq, oldestResumableSeq, collections } = center.state.board;
    const replica = new Board(epoch, seq, oldestResumableSeq);
    const agents = replica.addCollection(AGENTS);
    for (const row of collections[0]?.rows() ?? []) {
      agents.restoreRow({ ...row, value: row.value === null ? null : AGENTS.parse(row.value) });
    }
    expect(agents.visible(null)).toEqual(collections[0]?.visible(null));
    expect(agents.missedSince(0, ["A"])).toEqual(collections[0]?.missedSince(0, ["A"]));
    expect(replica.seq).toBe(seq);
  });
});
