import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { GroupView } from "../../../core/board/group-view.ts";
import { filterKey, type GroupFilter, mayView, viewEpoch } from "../../../core/board/visibility.ts";
import { AGENTS } from "../../../core/state/agent-row.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { groups, update } from "../arbitraries.ts";
import { Center } from "../center.ts";

const DAY = 24 * 60 * 60_000;
const removed = (occurredAt: number, agentId = "agent-1"): Update => ({ type: "agent.removed", agentId, occurredAt });
const moved = (occurredAt: number, ...to: string[]) => anAgentState({ occurredAt, groups: to });

function missedIds(center: Center, seq: number, groupFilter: GroupFilter = null) {
  const { epoch } = center.state.board;
  const found = center.missedSince(epoch, seq, groupFilter);
  return found === null ? null : { changed: found.changed.map(({ agentId }) => agentId).sort(), removed: found.removed };
}

describe("Seq and epoch", () => {
  it("SEQ-1 Every public change takes the next seq, and an update that changes nothing takes none.", () => {
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

  it("SEQ-1 A post with several states of one agent takes one seq.", () => {
    const center = new Center();
    center.post(anAgentState(), moved(NOON + 1, "A"), moved(NOON + 2, "B"));
    expect(center.state.board.seq).toBe(1);
  });

  it("SEQ-2 The epoch, the seq and the tombstones survive a restart.", () => {
    const center = new Center();
    center.postEach(anAgentState(), moved(NOON + 1, "A"), removed(NOON + 2));
    const { epoch, seq } = center.state.board;
    center.restart();
    expect([center.state.board.epoch, center.state.board.seq]).toEqual([epoch, seq]);
    expect(missedIds(center, 0)).toEqual({ changed: [], removed: ["agent-1"] });
  });
});

describe("Missed changes", () => {
  it("SEQ-5 The board lists the agents that changed since a position and the ids of the deleted ones.", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), anAgentState({ agentId: "agent-3" }));
    center.postEach(moved(NOON + 1, "A"), removed(NOON + 1, "agent-2"));
    expect(missedIds(center, 0)).toEqual({ changed: ["agent-1", "agent-3"], removed: ["agent-2"] });
    expect(missedIds(center, 3)).toEqual({ changed: ["agent-1"], removed: ["agent-2"] });
    expect(missedIds(center, 4)).toEqual({ changed: [], removed: ["agent-2"] });
    expect(missedIds(center, 5)).toEqual({ changed: [], removed: [] });
  });

  it("SEQ-6 The board resumes neither another epoch nor a seq that it never gave out.", () => {
    const center = new Center();
    center.post(anAgentState());
    expect(center.missedSince("another", 0, null)).toBeNull();
    expect(missedIds(center, 2)).toBeNull();
    expect(missedIds(center, -1)).toBeNull();
  });

  it("SEQ-6 The board resumes from the seq of an expired tombstone on and from no older one, also after a restart.", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), removed(NOON + 1));
    center.expireAt(NOON + 31 * DAY);
    expect(missedIds(center, 2)).toBeNull();
    expect(missedIds(center, 3)).not.toBeNull();
    center.restart();
    expect(missedIds(center, 2)).toBeNull();
    expect(center.state.board.seq).toBeGreaterThanOrEqual(3);
  });

  it("SEQ-6 The seq goes on growing after the newest tombstone has expired and the hub has restarted.", () => {
    const center = new Center();
    center.postEach(anAgentState(), removed(NOON + 1));
    center.expireAt(NOON + 31 * DAY);
    center.restart();
    expect(center.state.board.seq).toBe(2);
    center.post(anAgentState({ agentId: "agent-2" }));
    expect(center.state.board.seq).toBe(3);
  });
});

describe("Group filters", () => {
  it("VIS-1 No group filter shows all agents, a filter shows those that share a group, and an empty one shows none.", () => {
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

  it("VIS-1 The order and repetition of groups in a filter change nothing.", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (groupFilter, of) => {
        const other = [...groupFilter.toReversed(), ...groupFilter];
        expect(filterKey(other)).toBe(filterKey(groupFilter));
        expect(mayView(other, of)).toBe(mayView(groupFilter, of));
        expect(filterKey(groupFilter)).not.toBe(filterKey(null));
      }),
    );
  });

  it("VIS-1 Groups that only look alike once they are joined make different filters.", () => {
    expect(filterKey(["a,b"])).not.toBe(filterKey(["a", "b"]));
    expect(filterKey(["*"])).not.toBe(filterKey(null));
  });

  it("VIS-3 An agent that left the groups is removed for a viewer that resumes from before that, and for no other.", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Ventas"), moved(NOON + 1, "Soporte"));
    expect(missedIds(center, 1, ["Ventas"])).toEqual({ changed: [], removed: ["agent-1"] });
    expect(missedIds(center, 1, ["Soporte"])).toEqual({ changed: ["agent-1"], removed: [] });
    expect(missedIds(center, 1, null)).toEqual({ changed: ["agent-1"], removed: [] });
    expect(missedIds(center, 2, ["Ventas"])).toEqual({ changed: [], removed: [] });
    center.post(anAgentState({ occurredAt: NOON + 2, name: "Ana", groups: ["Soporte"] }));
    expect(missedIds(center, 2, ["Ventas"])).toEqual({ changed: [], removed: [] });
    center.restart();
    expect(missedIds(center, 1, ["Ventas"])).toEqual({ changed: [], removed: ["agent-1"] });
  });

  it("VIS-4 The board names no agent that was in none of the viewer's groups.", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Soporte"), moved(NOON + 1, "Soporte", "Otros"), removed(NOON + 2));
    for (const from of [0, 1, 2]) expect(missedIds(center, from, ["Ventas"])).toEqual({ changed: [], removed: [] });
  });

  it("SEQ-5 VIS-2 The old board plus the missed changes gives the current board, for every group filter and position.", () => {
    const filters: fc.Arbitrary<GroupFilter> = fc.option(groups, { nil: null });
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 12 }), filters, fc.nat(), (updates, groupFilter, pick) => {
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
        if (missed === null) throw new Error("The board cannot resume, although no tombstone has expired.");
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

describe("The position of a viewer", () => {
  it("SEQ-4 The newest visible seq belongs to the last change that the group filter shows.", () => {
    const center = new Center();
    center.postEach(moved(NOON, "Ventas"), anAgentState({ agentId: "agent-2", groups: ["Soporte"] }));
    const { board } = center.state;
    expect([
      board.newestVisible(new GroupView(["Ventas"])),
      board.newestVisible(new GroupView(["Soporte"])),
      board.newestVisible(new GroupView(["Otros"])),
    ]).toEqual([1, 2, 0]);
    expect([
      board.newestVisible(new GroupView(null)),
      board.newestVisible(new GroupView(null), 1),
      board.newestVisible(new GroupView(["Soporte"]), 1),
    ]).toEqual([2, 1, 0]);
  });

  it("SEQ-4 The newest visible seq skips deleted agents, because a relay's viewers may never have seen them.", () => {
    const center = new Center();
    center.postEach(anAgentState(), anAgentState({ agentId: "agent-2" }), removed(NOON + 1, "agent-2"));
    expect(center.state.board.newestVisible(new GroupView(null))).toBe(1);
  });

  it("SEQ-8 Different group filters have different epochs, and equal ones share theirs.", () => {
    const filters: GroupFilter[] = [null, [], ["Ventas"], ["Soporte"], ["Ventas", "Soporte"]];
    expect(new Set(filters.map((groupFilter) => viewEpoch("epoch-1", groupFilter))).size).toBe(filters.length);
    expect(viewEpoch("epoch-1", ["b", "a", "a"])).toBe(viewEpoch("epoch-1", ["a", "b"]));
    expect(viewEpoch("epoch-1", null)).toBe("epoch-1");
  });
});

describe("Board rows", () => {
  it("SEQ-2 A board that is restored from another's rows shows and resumes the same.", () => {
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
