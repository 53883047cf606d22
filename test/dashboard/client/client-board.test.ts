import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BoardFrame, ClientBoard } from "../../../dashboard/client/client-board.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
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

  list(): BoardFrame {
    return { type: "initialAgentList", epoch: EPOCH, seq: this.seq, serverTime: AT, data: [...this.#now().values()] };
  }

  batch(from: number): BoardFrame {
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

function seen(board: ClientBoard): Map<string, Agent> {
  return new Map([...board.agents.rows].map(([agentId, view]) => [agentId, publicOf(view)]));
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

describe("A board that gets lost, repeated and overlapping frames", () => {
  test("SEQ-3 SEQ-4 FLU-3 The board has exactly the hub's agents of its own seq after every frame.", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const hub = new ModelHub();
        const board = new ClientBoard();
        board.applyFrame(hub.list(), AT);
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
            const outcome = board.applyFrame(frame, AT);
            if (outcome.kind === "gap") {
              gaps += 1;
              expect(lost).toBe(true);
              board.applyFrame(hub.list(), AT);
            }
            const seq = board.position?.seq ?? -1;
            expect(seen(board)).toEqual(hub.states[seq]);
          }
          if (next.arrivals > 0) {
            expect(board.position?.seq).toBe(hub.seq);
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
    const board = new ClientBoard();
    hub.change({ agentId: "a", set: { status: "away" } });
    board.applyFrame(hub.list(), AT);
    hub.change({ agentId: "a", set: { status: "ringing" } });
    hub.change({ agentId: "b", set: { status: "away" } });
    const first = board.agents.rows.get("a");
    expect(board.applyFrame(hub.batch(2), AT)).toEqual({ kind: "gap" });
    expect(board.position).toEqual({ epoch: EPOCH, seq: 1 });
    expect([...board.agents.rows.values()]).toEqual([first]);
  });
});

describe("The client's board", () => {
  const list = (...agents: Agent[]): BoardFrame => ({
    type: "initialAgentList",
    epoch: EPOCH,
    seq: 5,
    serverTime: AT,
    data: agents,
  });
  const batch = (data: AgentPatch[], removed: string[] = [], epoch = EPOCH): BoardFrame => ({
    type: "agentStatusBatch",
    epoch,
    from: 5,
    to: 6,
    serverTime: AT,
    data,
    removed,
  });

  test("keeps the objects of unchanged agents after a batch and after a whole list.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const [a, b] = [board.agents.rows.get("a"), board.agents.rows.get("b")];
    expect(board.applyFrame(batch([{ agentId: "a", status: "away" }]), AT)).toMatchObject({
      kind: "applied",
      changed: { agents: new Map([["a", a]]) },
    });
    expect(board.agents.rows.get("a")).not.toBe(a);
    expect(board.agents.rows.get("b")).toBe(b);
    board.applyFrame(list(fakeAgent({ agentId: "b" })), AT);
    expect(board.agents.rows.get("b")).toBe(b);
    expect(board.agents.rows.has("a")).toBe(false);
  });

  test("tells how each changed agent was before the frame, also one that the frame changes and removes.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const [a, b] = [board.agents.rows.get("a"), board.agents.rows.get("b")];
    const data = [{ agentId: "a", status: "away" as const }, fakeAgent({ agentId: "c" })];
    expect(board.applyFrame(batch(data, ["a", "b", "z"]), AT)).toMatchObject({
      kind: "applied",
      changed: {
        agents: new Map([
          ["a", a],
          ["c", undefined],
          ["b", b],
        ]),
      },
    });
  });

  test("SEQ-2 The board treats a frame of another epoch as a gap.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(), AT);
    expect(board.applyFrame(batch([], [], "e2"), AT)).toEqual({ kind: "gap" });
  });

  test("treats a part of an unknown agent as a gap and applies a whole one.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    expect(
      board.applyFrame(
        batch([
          { agentId: "a", status: "away" },
          { agentId: "b", status: "away" },
        ]),
        AT,
      ),
    ).toEqual({ kind: "gap" });
    expect(board.agents.rows.get("a")?.status).toBe("available");
    expect(board.applyFrame(batch([fakeAgent({ agentId: "b" })]), AT).kind).toBe("applied");
  });

  test("SEQ-5 SEQ-7 The board applies the changed and the removed agents of a resumed frame.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })), AT);
    const data = [fakeAgent({ agentId: "c" })];
    board.applyFrame({ type: "resumed", epoch: EPOCH, from: 5, to: 9, serverTime: AT, data, removed: ["a"] }, AT);
    expect([...board.agents.rows.keys()].sort()).toEqual(["b", "c"]);
    expect(board.position).toEqual({ epoch: EPOCH, seq: 9 });
  });

  test("keeps its agents and waits for a whole list after it has forgotten its position.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    board.forgetPosition();
    expect(board.applyFrame(batch([{ agentId: "a", status: "away" }]), AT)).toEqual({ kind: "gap" });
    expect(board.agents.rows.size).toBe(1);
  });

  test("takes the time of a list from serverTime, and without one from the clock.", () => {
    const talking = fakeAgent({ agentId: "a", status: "on a call", contactId: "c", since: 0, duration: 100 });
    const startOf = (serverTime: number | undefined) => {
      const board = new ClientBoard();
      board.applyFrame({ type: "initialAgentList", epoch: EPOCH, seq: 1, serverTime, data: [talking] }, AT + 7_000);
      return board.agents.rows.get("a")?.callStartedAt;
    };
    expect([startOf(AT), startOf(undefined)]).toEqual([AT - 100_000, AT - 93_000]);
  });

  test("ignores a frame that arrives after a newer one.", () => {
    const board = new ClientBoard();
    board.applyFrame(list(fakeAgent({ agentId: "a" })), AT);
    const late = batch([{ agentId: "a", status: "ringing" }]);
    board.applyFrame(batch([{ agentId: "a", status: "ringing" }]), AT);
    const data: AgentPatch[] = [{ agentId: "a", status: "on a call" }];
    board.applyFrame({ type: "agentStatusBatch", epoch: EPOCH, from: 6, to: 7, serverTime: AT, data, removed: [] }, AT);
    expect(board.applyFrame(late, AT)).toEqual({ kind: "ignored" });
    expect(board.agents.rows.get("a")?.status).toBe("on a call");
    expect(board.position).toEqual({ epoch: EPOCH, seq: 7 });
  });
});
