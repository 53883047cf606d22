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
  #lookedAt = 0;

  constructor(broadcaster: Broadcaster, intervalMs: number, onFlush: () => void) {
    this.#broadcaster = broadcaster;
    this.#intervalMs = intervalMs;
    this.#onFlush = onFlush;
  }

  /** Call after anything may have changed. */
  schedule(): void {
    const now = Date.now();
    // A timer, not a loop: a post that has come meanwhile goes first.
    const step = this.#broadcaster.nextStepAt(now);
    if (step !== null) this.#runBy(step);
    const flush = this.#nextFlush(now);
    if (flush !== null) this.#runBy(flush);
  }

  /** When the next flush is due; null = not before the fan-out of the last one has ended, or something changes. */
  #nextFlush(now: number): number | null {
    if (this.#broadcaster.isFanningOut) return null;
    // A clock that was set back must not hold the next flush back for as long.
    if (this.#broadcaster.hasPendingChanges) return Math.max(now, Math.min(now, this.#flushedAt) + this.#intervalMs);
    return this.#broadcaster.hasSlowConsumers ? Math.max(now, Math.min(now, this.#lookedAt) + SLOW_CHECK_MS) : null;
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
    const now = Date.now();
    const flush = this.#nextFlush(now);
    if (flush !== null && flush <= now) this.#flush(now);
    else this.#broadcaster.takeStep(now);
    this.schedule();
  }

  #flush(now: number): void {
    if (this.#broadcaster.hasPendingChanges) this.#flushedAt = now;
    this.#lookedAt = now;
    this.#broadcaster.flush(now);
    this.#onFlush();
  }
}
