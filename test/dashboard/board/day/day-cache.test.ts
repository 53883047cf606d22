import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collectDays } from "../../../../dashboard/board/parts/day/collect-days.ts";
import { DayCache } from "../../../../dashboard/board/parts/day/day-cache.ts";
import type { HubReply } from "../../../../dashboard/client/contract.ts";
import { anAgent } from "../an-agent.ts";
import { aDay } from "./a-day.ts";

/** A hub that answers when the test says so. */
class SlowHub {
  readonly asked: string[] = [];
  readonly #answers: ((reply: HubReply) => void)[] = [];

  readonly agent = () => anAgent();
  readonly ask = ({ resource }: { resource: string }) => {
    this.asked.push(resource.replace(/^agents\/(.*)\/day/, "$1"));
    return new Promise<HubReply>((resolve) => this.#answers.push(resolve));
  };
  async answer(status = 200): Promise<void> {
    this.#answers.shift()?.({ status, body: aDay() });
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const nobody = () => {};

describe("The days in a page", () => {
  it("are asked for three at a time, the newest wish first, and those that went out of sight not at all.", async () => {
    const hub = new SlowHub();
    const cache = new DayCache(hub);
    for (const agentId of ["a", "b", "c"]) cache.watch(agentId, "2026-01-04", nobody);
    const stop = cache.watch("d", "2026-01-04", nobody);
    cache.watch("e", "2026-01-04", nobody);
    expect(hub.asked).toEqual(["a", "b", "c"].map((agentId) => `${agentId}?date=2026-01-04`));
    stop();
    await hub.answer();
    expect(hub.asked.slice(3)).toEqual(["e?date=2026-01-04"]);
    await hub.answer();
    expect(hub.asked).toHaveLength(4);
    expect(cache.answer("a", "2026-01-04").status).toBe("ready");
  });

  it("of the past are read once, and today again with every look and every end of a contact.", async () => {
    const hub = new SlowHub();
    const cache = new DayCache(hub);
    cache.watch("a", "2026-01-04", nobody)();
    cache.watch("b", null, nobody);
    await hub.answer();
    await hub.answer();
    cache.watch("a", "2026-01-04", nobody);
    expect(hub.asked).toEqual(["a?date=2026-01-04", "b"]);
    cache.refresh("b", null);
    // What happens while the hub answers needs one question more, however much it is.
    cache.refresh("b", null);
    cache.refresh("b", null);
    await hub.answer();
    await hub.answer();
    await hub.answer();
    expect(hub.asked.slice(2)).toEqual(["b", "b"]);
    expect(cache.answer("b", null).status).toBe("ready");
  });

  it("leave tickets for the connection: 24 questions at once, then one every 1.2 s, and a rest after too many.", async () => {
    const hub = new SlowHub();
    const cache = new DayCache(hub);
    for (let agent = 0; agent < 30; agent += 1) cache.watch(`a${agent}`, null, nobody);
    for (let answer = 0; answer < 24; answer += 1) await hub.answer();
    expect(hub.asked).toHaveLength(24);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(hub.asked).toHaveLength(26);
    await hub.answer(429);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(hub.asked).toHaveLength(26);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(hub.asked.length).toBeGreaterThan(26);
  });

  it("of a whole list are collected in its order; what cannot be read is left out.", async () => {
    const hub = new SlowHub();
    const done: number[] = [];
    const collected = collectDays(new DayCache(hub), ["a", "b", "c"], null, {
      onProgress: (count) => done.push(count),
      stop: new AbortController().signal,
    });
    await hub.answer();
    await hub.answer(404);
    await hub.answer();
    expect(await collected).toHaveLength(2);
    expect(done).toEqual([1, 2, 3]);
  });

  it("stop being collected when the reader says so.", async () => {
    const hub = new SlowHub();
    const stop = new AbortController();
    const collected = collectDays(new DayCache(hub), ["a", "b"], null, { onProgress: nobody, stop: stop.signal });
    await hub.answer();
    stop.abort();
    expect(await collected).toHaveLength(1);
  });
});
