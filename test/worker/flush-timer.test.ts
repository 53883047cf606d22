import { afterEach, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import { FlushTimer } from "../../worker/flush-timer.ts";

afterEach(() => vi.useRealTimers());

it("FLU-1 The timer flushes within the interval even if the clock is set back meanwhile.", () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  let flushes = 0;
  const board = new Board("an epoch");
  const agents = board.addCollection(AGENTS);
  const broadcaster = new Broadcaster(board);
  const timer = new FlushTimer(broadcaster, 100, () => {
    flushes += 1;
  });
  const change = (agentId: string) => {
    const change = agents.change(agentId, anAgentRow(agentId));
    if (change !== undefined) broadcaster.noteChange(change);
    timer.schedule();
  };
  change("a1");
  vi.advanceTimersByTime(0);
  expect(flushes).toBe(1);
  vi.setSystemTime(Date.now() - 3_600_000);
  change("a2");
  vi.advanceTimersByTime(100);
  expect(flushes).toBe(2);
});

function anAgentRow(agentId: string): AgentRow {
  const row = AGENTS.parse({ agentId });
  if (row === null) throw new Error(`The row of ${agentId} was not read with defaults for its other fields.`);
  return row;
}
