import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Ticker } from "../../../dashboard/react/ticker.ts";

const PERIOD_MS = 1000;

/** The part of a page that a ticker looks at. */
class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";

  show(visibilityState: DocumentVisibilityState): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: FakeDocument;
beforeEach(() => {
  vi.useFakeTimers();
  page = new FakeDocument();
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Subscribes to the ticker and counts its ticks. */
function countTicks(ticker: Ticker): { ticks: number; stop: () => void } {
  const count = { ticks: 0, stop: () => {} };
  count.stop = ticker.subscribe(() => {
    count.ticks += 1;
  });
  return count;
}

describe("A ticker", () => {
  it("runs one timer for all its listeners, and none without a listener.", () => {
    const ticker = new Ticker(PERIOD_MS, "stops");
    expect(vi.getTimerCount()).toBe(0);
    const [first, second] = [countTicks(ticker), countTicks(ticker)];
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3 * PERIOD_MS);
    expect([first.ticks, second.ticks]).toEqual([3, 3]);
    first.stop();
    vi.advanceTimersByTime(PERIOD_MS);
    expect([first.ticks, second.ticks]).toEqual([3, 4]);
    second.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops on a hidden page and ticks at once when the page is visible again.", () => {
    const listener = countTicks(new Ticker(PERIOD_MS, "stops"));
    page.show("hidden");
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60 * PERIOD_MS);
    expect(listener.ticks).toBe(0);
    page.show("visible");
    expect(listener.ticks).toBe(1);
    vi.advanceTimersByTime(PERIOD_MS);
    expect(listener.ticks).toBe(2);
  });

  it("keeps its period on a hidden page when it was made to go on.", () => {
    const listener = countTicks(new Ticker(PERIOD_MS, "goes on"));
    page.show("hidden");
    vi.advanceTimersByTime(2 * PERIOD_MS);
    page.show("visible");
    vi.advanceTimersByTime(PERIOD_MS);
    expect(listener.ticks).toBe(3);
  });
});
