import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { BACKLOG_LIMIT_BYTES } from "../../core/broadcast/slow-consumers.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import { FlushTimer } from "../../worker/flush-timer.ts";

const NOON = 1_714_564_800_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A timer with an interval of 100 ms, and the times of its flushes since noon. */
function stage(batchSize?: number) {
  const flushes: number[] = [];
  const board = new Board("an epoch");
  const agents = board.addCollection(AGENTS);
  const broadcaster = new Broadcaster(board, null, batchSize);
  const timer = new FlushTimer(broadcaster, 100, () => flushes.push(Date.now() - NOON));
  const change = (agentId: string) => {
    const change = agents.change(agentId, anAgentRow(agentId));
    if (change !== undefined) broadcaster.noteChange(change);
    timer.schedule();
  };
  /** Adds a viewer and returns its connection: how much waits there, and how many frames it was sent. */
  const join = (id: string) => {
    const connection = { buffered: 0, sent: 0 };
    const viewer = {
      id,
      subject: id,
      legacy: false,
      groupFilter: null,
      expiresAt: NOON + 3_600_000,
      watching: new Set<string>(),
    };
    broadcaster.addSubscriber(viewer, {
      send() {
        connection.sent += 1;
      },
      close() {},
      bufferedBytes: () => connection.buffered,
      resendTranscript() {},
    });
    return connection;
  };
  return { flushes, broadcaster, timer, change, join };
}

describe("The flush timer", () => {
  it("FLU-1 The first change after quiet is flushed at once, and those that follow together after the interval.", () => {
    const { flushes, timer, change } = stage();
    timer.schedule();
    expect(vi.getTimerCount()).toBe(0);
    change("a1");
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([0]);
    vi.advanceTimersByTime(30);
    change("a2");
    vi.advanceTimersByTime(30);
    change("a3");
    vi.advanceTimersByTime(39);
    expect(flushes).toEqual([0]);
    vi.advanceTimersByTime(1);
    expect(flushes).toEqual([0, 100]);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(150);
    change("a4");
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([0, 100, 250]);
  });

  it("FLU-1 The timer flushes within the interval even if the clock is set back meanwhile.", () => {
    const { flushes, change } = stage();
    change("a1");
    vi.advanceTimersByTime(0);
    vi.setSystemTime(NOON - 3_600_000);
    change("a2");
    vi.advanceTimersByTime(100);
    expect(flushes).toHaveLength(2);
  });

  it("FLU-9 A flush to many viewers goes on at once, one batch after the other, and is one flush.", () => {
    const { flushes, change, join } = stage(1);
    const connections = ["v1", "v2", "v3"].map(join);
    change("a1");
    // A fake timer that is set within another one runs a millisecond later at the earliest.
    vi.advanceTimersByTime(3);
    expect(connections.map(({ sent }) => sent)).toEqual([1, 1, 1]);
    expect(flushes).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("FLU-5 The timer looks at slow consumers every second until they have drained.", () => {
    const { flushes, broadcaster, change, join } = stage();
    const connection = join("v1");
    connection.buffered = BACKLOG_LIMIT_BYTES + 1;
    change("a1");
    vi.advanceTimersByTime(0);
    expect([connection.sent, broadcaster.hasSlowConsumers]).toEqual([0, true]);
    vi.advanceTimersByTime(999);
    connection.buffered = 0;
    expect(connection.sent).toBe(0);
    vi.advanceTimersByTime(1);
    expect([connection.sent, broadcaster.hasSlowConsumers]).toEqual([1, false]);
    expect(flushes).toEqual([0, 1000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("FLU-5 A change does not wait for the next look at slow consumers, and a look is no reason to wait.", () => {
    const { flushes, change, join } = stage();
    join("v1").buffered = BACKLOG_LIMIT_BYTES + 1;
    change("a1");
    vi.advanceTimersByTime(500);
    change("a2");
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([0, 500]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(flushes).toEqual([0, 500, 1500]);
    change("a3");
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([0, 500, 1500, 1500]);
  });

  it("PAC-2 A slower pace has a timer of its own, which does not hurry the others.", () => {
    const { flushes, broadcaster, change, join } = stage();
    const [quick, slow] = [join("quick"), join("slow")];
    change("a1");
    vi.advanceTimersByTime(0);
    broadcaster.setPace("slow", 200, Date.now());
    change("a2");
    vi.advanceTimersByTime(1000);
    expect([quick.sent, slow.sent]).toEqual([2, 2]);
    for (let round = 0; round < 20; round += 1) {
      change(`b${round}`);
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(1000);
    expect(quick.sent).toBe(2 + 11);
    expect(slow.sent).toBe(2 + 6);
    expect(vi.getTimerCount()).toBe(0);
    expect(flushes.length).toBeGreaterThan(10);
  });

  it.each([
    ["the audience", 10_000, [0, 200, 400, 600, 800, 1000]],
    // With fake timers each batch of 16 viewers takes a millisecond.
    ["the backlog", 16, [0, 281, 562, 843, 1124]],
  ])("FLU-12 The window widens with %s, and says so in the figures.", (_, batchSize, expected) => {
    const { flushes, timer, change, join } = stage(batchSize);
    for (let viewer = 0; viewer < 3000; viewer += 1) join(`v${viewer}`);
    expect(timer.figures).toEqual({ viewers: 3000, pacedViewers: 0, flushWindowMs: 200 });
    for (let round = 0; round < 10; round += 1) {
      change(`a${round}`);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(1000);
    expect(flushes).toEqual(expected);
    expect(timer.figures.flushWindowMs).toBe(expected[1]);
  });
});

function anAgentRow(agentId: string): AgentRow {
  const row = AGENTS.parse({ agentId });
  if (row === null) throw new Error(`The row of ${agentId} was not read with defaults for its other fields.`);
  return row;
}
