import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import { flushWindowMs } from "../core/broadcast/flush-window.ts";

/** How often the timer looks at slow consumers. It pins the object in memory, as their backlog does. */
const SLOW_CHECK_MS = 1000;

/**
 * Flushes the first change after quiet at once, then at most once per window, which widens with the audience and the backlog. It
 * runs only while there is something to do.
 */
export class FlushTimer {
  readonly #broadcaster: Broadcaster;
  readonly #intervalMs: number;
  readonly #onFlush: () => void;
  readonly #onSent: () => void;
  readonly #flushTimeout = new MovableTimeout(() => this.#flush());
  readonly #stepTimeout = new MovableTimeout(() => this.#takeStep());
  #flushedAt = 0;
  /** When the flush began that is on its way, epoch ms. */
  #begunAt: number | null = null;
  /** How long the last flush took to reach every viewer, ms. */
  #fanOutMs = 0;

  /** `onFlush` runs when a flush begins, `onSent` when it has reached every viewer. */
  constructor(broadcaster: Broadcaster, intervalMs: number, onFlush: () => void, onSent: () => void = () => {}) {
    this.#broadcaster = broadcaster;
    this.#intervalMs = intervalMs;
    this.#onFlush = onFlush;
    this.#onSent = onSent;
  }

  /** What the metrics say of the viewers of this object and their flushes. */
  get figures(): { viewers: number; pacedViewers: number; flushWindowMs: number } {
    const viewers = this.#broadcaster.viewers();
    const paced = viewers.filter(({ pace = 0 }) => pace > 0);
    return { viewers: viewers.length, pacedViewers: paced.length, flushWindowMs: this.#windowMs };
  }

  /** Call after anything may have changed. */
  schedule(): void {
    const now = Date.now();
    // A timer, not a loop: a post that has come meanwhile goes first.
    const step = this.#broadcaster.nextStepAt(now);
    if (step !== null) this.#stepTimeout.runBy(step, now);
    // The next flush waits for the fan-out of the last one, whose steps end here again.
    if (this.#broadcaster.isFanningOut) return;
    if (this.#broadcaster.hasPendingChanges) this.#flushTimeout.runBy(this.#nextFlush(now), now);
    const paced = this.#broadcaster.nextSlowFlush(now);
    if (paced !== null) this.#flushTimeout.runBy(paced, now);
    if (!this.#broadcaster.hasPendingChanges && this.#broadcaster.hasSlowConsumers)
      this.#flushTimeout.runBy(now + SLOW_CHECK_MS, now);
  }

  /** A clock that was set back must not hold the next flush back for as long. */
  #nextFlush(now: number): number {
    return Math.max(now, Math.min(now, this.#flushedAt) + this.#windowMs);
  }

  /** The time between two flushes now. */
  get #windowMs(): number {
    return flushWindowMs(this.#intervalMs, this.#broadcaster.size, this.#fanOutMs);
  }

  #takeStep(): void {
    this.#broadcaster.takeStep(Date.now());
    if (!this.#broadcaster.isFanningOut) this.#sent();
    this.schedule();
  }

  #flush(): void {
    if (!this.#broadcaster.isFanningOut) {
      const now = Date.now();
      const isDue = this.#nextFlush(now) <= now;
      if (isDue && this.#broadcaster.hasPendingChanges) this.#flushedAt = now;
      this.#begunAt = now;
      this.#broadcaster.flush(now, !isDue);
      this.#onFlush();
      if (!this.#broadcaster.isFanningOut) this.#sent();
    }
    this.schedule();
  }

  #sent(): void {
    // A step may have sent lists only.
    if (this.#begunAt !== null) this.#fanOutMs = Math.max(0, Date.now() - this.#begunAt);
    this.#begunAt = null;
    this.#onSent();
  }
}

/** One timeout that moves only to an earlier time. */
class MovableTimeout {
  readonly #run: () => void;
  #set: { handle: ReturnType<typeof setTimeout>; due: number } | null = null;

  constructor(run: () => void) {
    this.#run = run;
  }

  /** Runs at `due` (epoch ms) at the latest. */
  runBy(due: number, now: number): void {
    if (this.#set !== null) {
      if (this.#set.due <= due) return;
      clearTimeout(this.#set.handle);
    }
    const handle = setTimeout(() => {
      this.#set = null;
      this.#run();
    }, due - now);
    this.#set = { handle, due };
  }
}
