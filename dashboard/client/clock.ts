import type { Clock } from "./contract.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => {
    const id = setTimeout(callback, ms);
    return () => clearTimeout(id);
  },
  clearTimeout: (cancel) => {
    if (typeof cancel === "function") cancel();
  },
};

/** Estimates the hub's clock from the times that its frames carry. */
export class HubClock {
  readonly #clock: Clock;
  #offset: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + (this.#offset ?? 0);
  }

  /**
   * Call when a frame with `serverTime` arrives. Travel time makes every offset too small, and the fastest frame has
   * the best one. So the largest offset is kept until one of the two clocks is set.
   */
  observeServerTime(serverTime: number): void {
    const offset = serverTime - this.#clock.now();
    if (this.#offset === null || offset > this.#offset || this.#offset - offset > RESET_MS) this.#offset = offset;
  }
}

/** An offset that shrinks by more means that a clock was set. No frame is so late: the keepalive ends the connection at 10 s. */
const RESET_MS = 15_000;
