import { afterEach, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { FlushTimer } from "../../worker/flush-timer.ts";

afterEach(() => vi.useRealTimers());

it("FLU-1 flushes within the interval also when the clock is set back meanwhile", () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  let flushes = 0;
  const board = new Board("an epoch");
  const broadcaster = new Broadcaster(board);
  const timer = new FlushTimer(broadcaster, 100, () => {
    flushes += 1;
  });
  const change = (agentId: string) => {
    broadcaster.changed(null, { agentId, seq: board.seq + 1, agent: null, left: {} });
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
