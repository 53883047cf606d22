import type { Clock } from "./contract.ts";

/**
 * The longest wait for any answer: of `getTicket`, of the hub to a new socket, a poll, a `watch` or a `resync`, in milliseconds. A
 * sign-in service answers in seconds, a relay asks its primary first, and a whole list may come through a slow network.
 */
export const ANSWER_DEADLINE_MS = 15_000;

/** The error for developers when nothing has come in time. */
export const noAnswer = (question: string) => new Error(`${question} had no answer in time.`);

/** One timer. A new start replaces the one before. */
export class Timer {
  readonly #clock: Clock;
  #handle: unknown = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(ms: number, callback: () => void): void {
    this.stop();
    this.#handle = this.#clock.setTimeout(callback, ms);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#handle);
  }
}
