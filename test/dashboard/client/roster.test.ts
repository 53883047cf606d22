import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { Roster, type RosterMessage } from "../../../dashboard/client/roster.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { Agent, AgentPatch } from "../../../protocol/agent.ts";

const EPOCH = "e1";
const AT = 1_000_000;

type Change = { agentId: string; set: Partial<Agent> } | { agentId: string; remove: true };

/** A model of a hub: one seq per change, and frames with every change of their range. */
class ModelHub {
  readonly states: ReadonlyMap<string, Agent>[] = [new Map()];
  readonly #changes: Change[] = [];

  get seq(): number {
    return this.#changes.length;
  }

  change(change: Change): void {
    const state = new Map(this.states[this.seq]);
    const before = state.get(change.agentId);
    if ("remove" in change) state.delete(change.agentId);
    else state.set(change.agentId, { ...(before ?? fakeAgent({ agentId: change.agentId })), ...change.set });
    this.#changes.push(change);
    this.states.push(state);
  }

  list(): RosterMessage {
    return { type: "initialAgentList", epoch: EPOCH, seq: this.seq, serverTime: AT, data: [...this.#now().values()] };
  }

  batch(from: number): RosterMessage {
    const patches = new Map<string, AgentPatch>();
    const removed = new Set<string>();
    for (const change of this.#changes.slice(from)) {
      const agent = this.#now().get(change.agentId);
      if (agent === undefined) {
        removed.add(change.agentId);
        continue;
      }
      const touched = "set" in change ? Object.keys(change.set) : [];
      const isNew = !this.states[from]?.has(change.agentId) || this.#wasRemovedSince(from, change.agentId);
      const fields = Object.entries(agent).filter(([name]) => isNew || touched.includes(name));
      patches.set(change.agentId, { ...patches.get(change.agentId), ...Object.fromEntries(fields), agentId: change.agentId });
    }
    return {
      type: "agentStatusBatch",
      epoch: EPOCH,
      from,
      to: this.seq,
      serverTime: AT,
      data: [...patches.values()],
      removed: [...removed],
    };
  }

  #now(): ReadonlyMap<string, Agent> {
    return this.states[this.seq] ?? new Map();
  }

  #wasRemovedSince(from: number, agentId: string): boolean {
    return this.#changes.slice(from).some((change) => change.agentId === agentId && "remove" in change);
  }
}

function publicOf(view: AgentView): Agent {
  const { callStartedAt: _start, transcription: _listened, trend: _trend, ...agent } = view;
  return agent;
}

function seen(roster: Roster): Map<string, Agent> {
  return new Map([...roster.agents].map(([agentId, view]) => [agentId, publicOf(view)]));
}

const agentId = fc.constantFrom("a", "b", "c");
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    agentId,
    set: fc.record(
      {
        name: fc.constantFrom("Ana", "Beto"),
        status: fc.constantFrom("available" as const, "away" as const, "on a call" as const),
        queue: fc.constantFrom("Ventas", null),
        since: fc.constantFrom(1, 2, 3),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ agentId, remove: fc.constant(true as const) }),
);
/** The hub changes an agent, or sends a frame from an earlier seq that arrives `arrivals` times (0 means lost). */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("change" as const), change }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("frame" as const), back: fc.nat(4), arrivals: fc.constantFrom(0, 1, 1, 1, 2) }),
  },
);

describe("A roster that gets lost, repeated and overlapping frames", () => {
  test("SEQ-3 SEQ-4 FLU-3 The roster has exactly the hub's agents of its own seq after every frame.", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const hub = new ModelHub();
        const roster = new Roster();
        roster.applyFrame(hub.list(), AT);
        let sent = 0;
        let lost = false;
        let gaps = 0;
        for (const next of steps) {
          if (next.kind === "change") {
            hub.change(next.change);
            continue;
          }
          const frame = hub.batch(Math.max(0, sent - next.back));
          if (next.arrivals === 0) lost ||= hub.seq > sent;
          sent = hub.seq;
          for (let i = 0; i < next.arrivals; i += 1) {
            const outcome = roster.applyFrame(frame, AT);
            if (outcome.kind === "gap") {
              gaps += 1;
              expect(lost).toBe(true);
              roster.applyFrame(hub.list(), AT);
            }
            const seq = roster.position?.seq ?? -1;
            expect(seen(roster)).toEqual(hub.states[seq]);
          }
          if (next.arrivals > 0) {
            expect(roster.position?.seq).toBe(hub.seq);
            lost = false;
          }
        }
        expect(gaps === 0 || steps.some((next) => next.kind === "frame" && next.arrivals === 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("changes nothing when it gets a frame after a gap.", () => {
    const hub = new ModelHub();
    const roster = new Roster();
    hub.change({ agentId: "a", set: { status: "away" } });
    roster.applyFrame(hub.list(), AT);
    hub.change({ agentId: "a", set: { status: "ringing" } });
    hub.change({ agentId: "b", set: { status: "away" } });
    const first = roster.agents.get("a");
    expect(roster.applyFrame(hub.batch(2), AT)).toEqual({ kind: "gap" });
    expect(roster.position).toEqual({ epoch: EPOCH, seq: 1 });
    expect([...roster.agents.values()]).toEqual([first]);
  });
});

describe("The roster", () => {
  const list = (...agents: Agent[]): RosterMessage => ({
    type: "initialAgentList",
    epoch: EPOCH,
    seq: 5,
    serverTime: AT,
    data: agents,
  });
  const batch = (data: AgentPatch[], removed: string[] = [], epoch = EPOCH): RosterMessage => ({
    type: "agentStatusBatch",
    epoch,
    from: 5,
    to: 6,
    serverTime: AT,
    data,
    removed,
  });

  test("keeps the objects of unchanged agents after a batch and after a whole list.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const [a, b] = [roster.agents.get("a"), roster.agents.get("b")];
    expect(roster.applyFrame(batch([{ agentId: "a", status: "away" }]), AT)).toEqual({
      kind: "applied",
      changed: new Map([["a", a]]),
    });
    expect(roster.agents.get("a")).not.toBe(a);
    expect(roster.agents.get("b")).toBe(b);
    roster.applyFrame(list(fakeAgent({ agentId: "b" })), AT);
    expect(roster.agents.get("b")).toBe(b);
    expect(roster.agents.has("a")).toBe(false);
  });

  test("tells how each changed agent was before the frame, also one that the frame changes and removes.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const [a, b] = [roster.agents.get("a"), roster.agents.get("b")];
    const data = [{ agentId: "a", status: "away" as const }, fakeAgent({ agentId: "c" })];
    expect(roster.applyFrame(batch(data, ["a", "b", "z"]), AT)).toEqual({
      kind: "applied",
      changed: new Map([
        ["a", a],
        ["c", undefined],
        ["b", b],
      ]),
    });
  });

  test("SEQ-2 The roster treats a frame of another epoch as a gap.", () => {
    const roster = new Roster();
    roster.applyFrame(list(), AT);
    expect(roster.applyFrame(batch([], [], "e2"), AT)).toEqual({ kind: "gap" });
  });

  test("treats a part of an unknown agent as a gap and applies a whole one.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    expect(
      roster.applyFrame(
        batch([
          { agentId: "a", status: "away" },
          { agentId: "b", status: "away" },
        ]),
        AT,
      ),
    ).toEqual({ kind: "gap" });
    expect(roster.agents.get("a")?.status).toBe("available");
    expect(roster.applyFrame(batch([fakeAgent({ agentId: "b" })]), AT).kind).toBe("applied");
  });

  test("SEQ-5 SEQ-7 The roster applies the changed and the removed agents of a resumed frame.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const data = [fakeAgent({ agentId: "c" })];
    roster.applyFrame({ type: "resumed", epoch: EPOCH, from: 5, to: 9, serverTime: AT, data, removed: ["a"] }, AT);
    expect([...roster.agents.keys()].sort()).toEqual(["b", "c"]);
    expect(roster.position).toEqual({ epoch: EPOCH, seq: 9 });
  });

  test("keeps its agents and waits for a whole list after it has forgotten its position.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    roster.forgetPosition();
    expect(roster.applyFrame(batch([{ agentId: "a", status: "away" }]), AT)).toEqual({ kind: "gap" });
    expect(roster.agents.size).toBe(1);
  });

  test("takes the time of a list from serverTime, and without one from the clock.", () => {
    const talking = fakeAgent({ agentId: "a", status: "on a call", contactId: "c", since: 0, duration: 100 });
    const startOf = (serverTime: number | undefined) => {
      const roster = new Roster();
      roster.applyFrame({ type: "initialAgentList", epoch: EPOCH, seq: 1, serverTime, data: [talking] }, AT + 7_000);
      return roster.agents.get("a")?.callStartedAt;
    };
    expect([startOf(AT), startOf(undefined)]).toEqual([AT - 100_000, AT - 93_000]);
  });

  test("ignores a frame that arrives after a newer one.", () => {
    const roster = new Roster();
    roster.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    const late = batch([{ agentId: "a", status: "ringing" }]);
    roster.applyFrame(batch([{ agentId: "a", status: "ringing" }]), AT);
    const data: AgentPatch[] = [{ agentId: "a", status: "on a call" }];
    roster.applyFrame({ type: "agentStatusBatch", epoch: EPOCH, from: 6, to: 7, serverTime: AT, data, removed: [] }, AT);
    expect(roster.applyFrame(late, AT)).toEqual({ kind: "ignored" });
    expect(roster.agents.get("a")?.status).toBe("on a call");
    expect(roster.position).toEqual({ epoch: EPOCH, seq: 7 });
  });
});
