import type { Broadcaster } from "../core/broadcast/broadcaster.ts";

/** How often the timer looks at slow consumers. It pins the object in memory, as their backlog does. */
const SLOW_CHECK_MS = 1000;

/** Flushes the first change after quiet at once, then at most once per interval. It runs only while there is something to do. */
export class FlushTimer {
  readonly #broadcaster: Broadcaster;
  readonly #intervalMs: number;
  readonly #onFlush: () => void;
  #timer: { handle: ReturnType<typeof setTimeout>; due: number } | null = null;
  #flushedAt = 0;

  constructor(broadcaster: Broadcaster, intervalMs: number, onFlush: () => void) {
    this.#broadcaster = broadcaster;
    this.#intervalMs = intervalMs;
    this.#onFlush = onFlush;
  }

  /** Call after anything may have changed. */
  schedule(): void {
    // A timer, not a loop: a post that has come meanwhile goes first.
    if (this.#broadcaster.isFanningOut) this.#runBy(Date.now());
    else if (this.#broadcaster.hasPendingChanges) this.#runBy(this.#nextFlush(Date.now()));
    else if (this.#broadcaster.hasSlowConsumers) this.#runBy(Date.now() + SLOW_CHECK_MS);
  }

  /** A clock that was set back must not hold the next flush back for as long. */
  #nextFlush(now: number): number {
    return Math.max(now, Math.min(now, this.#flushedAt) + this.#intervalMs);
  }

  #runBy(due: number): void {
    if (this.#timer !== null) {
      if (this.#timer.due <= due) return;
      clearTimeout(this.#timer.handle);
    }
    this.#timer = { handle: setTimeout(() => this.#run(), due - Date.now()), due };
  }

  #run(): void {
    this.#timer = null;
    if (this.#broadcaster.isFanningOut) this.#broadcaster.continueFanOut(Date.now());
    else this.#flush();
    this.schedule();
  }

  #flush(): void {
    if (this.#broadcaster.hasPendingChanges) this.#flushedAt = Date.now();
    this.#broadcaster.flush(Date.now());
    this.#onFlush();
  }
}
