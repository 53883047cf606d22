import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientBoard } from "../../../dashboard/client/client-board.ts";
import { createFakeAgentClient, fakeAgent } from "../../../dashboard/client/testing.ts";
import type { Agent, AgentPatch } from "../../../protocol/agent.ts";

const START = 1_800_000_000_737;
const SENT_AT = START + 100_263;
/** A call that came back from a hold: neither `since` nor the whole seconds of `duration` give its exact start. */
const resumedCall = fakeAgent({
  agentId: "a",
  status: "on a call",
  contactId: "c1",
  since: START + 60_000,
  duration: 100,
  callStartedAt: START,
});

function boardOf(...agents: Agent[]): ClientBoard {
  const board = new ClientBoard();
  board.applyFrame({ type: "initialAgentList", epoch: "e", seq: 1, serverTime: SENT_AT, data: agents }, SENT_AT);
  return board;
}

function applyPatch(board: ClientBoard, patch: AgentPatch, serverTime = SENT_AT + 1) {
  const from = board.position?.seq ?? 0;
  return board.applyFrame(
    { type: "agentStatusBatch", epoch: "e", from, to: from + 1, serverTime, data: [patch], removed: [] },
    serverTime,
  );
}

const startOf = (board: ClientBoard) => board.agents.rows.get("a")?.callStartedAt;

describe("The start of a call that the hub sends", () => {
  test("is kept to the millisecond when it comes with a whole agent.", () => {
    expect(startOf(boardOf(resumedCall))).toBe(START);
  });

  test("is kept to the millisecond when it comes in a batch, whatever the duration says.", () => {
    const board = boardOf(fakeAgent({ agentId: "a", callStartedAt: null }));
    applyPatch(board, { ...resumedCall, duration: 3 });
    expect(startOf(board)).toBe(START);
  });

  test("changes the agent even when it is the only field of the patch.", () => {
    const board = boardOf(resumedCall);
    const before = board.agents.rows.get("a");
    expect(applyPatch(board, { agentId: "a", callStartedAt: START - 400 })).toMatchObject({
      kind: "applied",
      changed: { agents: new Map([["a", before]]) },
    });
    expect(startOf(board)).toBe(START - 400);
  });

  test("stays while patches leave it out, also through a hold and another contact id.", () => {
    const board = boardOf(resumedCall);
    applyPatch(board, { agentId: "a", status: "on hold", since: START + 110_000 });
    applyPatch(board, { agentId: "a", status: "on a call", since: START + 120_000 });
    applyPatch(board, { agentId: "a", contactId: "c2" });
    expect(startOf(board)).toBe(START);
  });

  test("equals the hub's own after any sequence of patches.", () => {
    const calls = fc.record({
      status: fc.constantFrom("available" as const, "on a call" as const, "on hold" as const, "after call work" as const),
      contactId: fc.constantFrom("c1", "c2", null),
      since: fc.nat(5_000),
      start: fc.nat(5_000),
      elapsedMs: fc.nat(90_000),
    });
    fc.assert(
      fc.property(fc.array(calls, { minLength: 1, maxLength: 20 }), (states) => {
        const board = boardOf(fakeAgent({ agentId: "a", callStartedAt: null }));
        let sent: Agent = fakeAgent({ agentId: "a", callStartedAt: null });
        let now = SENT_AT;
        for (const { status, contactId, since, start, elapsedMs } of states) {
          now += elapsedMs;
          const callStartedAt = status === "on a call" || status === "on hold" ? START + start : null;
          const duration = callStartedAt === null ? null : Math.floor((now - callStartedAt) / 1000);
          const agent: Agent = { ...sent, status, contactId, since: START + since, callStartedAt };
          const fields = Object.entries(agent).filter(([name, value]) => Reflect.get(sent, name) !== value);
          const counted = fields.some(([name]) => name === "callStartedAt") ? { duration } : {};
          applyPatch(board, { ...Object.fromEntries(fields), ...counted, agentId: "a" }, now);
          sent = agent;
          expect(startOf(board)).toBe(callStartedAt);
        }
      }),
    );
  });
});

describe("The start of a call of an older hub", () => {
  const { callStartedAt: _exact, ...older } = resumedCall;

  test("is reconstructed from the duration.", () => {
    expect(startOf(boardOf(older))).toBe(SENT_AT - 100_000);
  });

  test("is reconstructed again when an older hub follows a newer one.", () => {
    const board = boardOf(resumedCall);
    applyPatch(board, { agentId: "a", contactId: "c2", since: SENT_AT, duration: 0 }, SENT_AT);
    expect(startOf(board)).toBe(SENT_AT);
  });
});

test("The fake client stops and restarts the call clock when a step changes only the status.", () => {
  const client = createFakeAgentClient({ agents: [resumedCall] });
  expect(client.agent("a")?.callStartedAt).toBe(START);
  client.play({ agents: [{ agentId: "a", status: "after call work" }] });
  expect(client.agent("a")?.callStartedAt).toBeNull();
  client.play({ agents: [{ agentId: "a", status: "on a call", since: START + 200_000 }] });
  expect(client.agent("a")?.callStartedAt).toBe(START + 200_000);
});
