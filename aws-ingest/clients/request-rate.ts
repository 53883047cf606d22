import { setTimeout as sleep } from "node:timers/promises";

/**
 * Spaces requests to a service whose limit is shared with everybody of the account. A few may go at once, and the others at an even
 * rate.
 */
export class RequestRate {
  readonly #everyMs: number;
  readonly #burst: number;
  /** When the bucket was full, in ms of the monotonic clock. Each request moves it on. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, burst: number) {
    this.#everyMs = 1000 / perSecond;
    this.#burst = burst;
  }

  /** Resolves when the next request may go. @throws the reason of `signal` when it aborts first */
  async permit(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const wait = this.reserve(performance.now());
    if (wait > 0) await sleep(wait, undefined, { signal });
  }

  /** Reserves the next request and returns how long it is until then, ms. @param now ms of any clock that only goes on */
  reserve(now: number): number {
    this.#fullAt = Math.max(this.#fullAt, now) + this.#everyMs;
    return Math.max(0, this.#fullAt - this.#burst * this.#everyMs - now);
  }
}
