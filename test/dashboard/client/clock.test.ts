import { afterEach, describe, expect, test, vi } from "vitest";
import { HubClock, systemClock } from "../../../dashboard/client/clock.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";

const NOW = 1_800_000_000_000;

describe("The hub's clock", () => {
  test("is this machine's clock before the first frame.", () => {
    expect(new HubClock(new FakeClock(NOW)).now()).toBe(NOW);
  });

  test("follows the frame that travelled fastest.", () => {
    const hubClock = new HubClock(new FakeClock(NOW));
    hubClock.observeServerTime(NOW - 800);
    hubClock.observeServerTime(NOW - 300);
    hubClock.observeServerTime(NOW - 500);
    expect(hubClock.now()).toBe(NOW - 300);
  });

  test("follows a frame that is more than 15 s late, because a clock was set.", () => {
    const hubClock = new HubClock(new FakeClock(NOW));
    hubClock.observeServerTime(NOW);
    hubClock.observeServerTime(NOW - 15_000);
    expect(hubClock.now()).toBe(NOW);
    hubClock.observeServerTime(NOW - 15_001);
    expect(hubClock.now()).toBe(NOW - 15_001);
  });
});

describe("The system clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("calls back after the given time, unless the timer is cleared.", () => {
    vi.useFakeTimers({ now: NOW });
    const calls: number[] = [];
    systemClock.setTimeout(() => calls.push(systemClock.now()), 50);
    const cleared = systemClock.setTimeout(() => calls.push(-1), 60);
    systemClock.clearTimeout(cleared);
    systemClock.clearTimeout(null);
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([NOW + 50]);
  });
});
