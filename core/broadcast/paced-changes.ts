import type { RowChange } from "../board/collection.ts";
import { ConflationBuffer, type PendingChange } from "./conflation-buffer.ts";

/** The paces that viewers are served at, ms. Few, because each has a conflation buffer and a fan-out of its own. */
const PACES_MS = [100, 200, 500, 1000, 2000, 5000, 10_000];
const SLOWEST_MS = 10_000;

/** A pace that some viewers have. */
interface SlowPace {
  readonly buffer: ConflationBuffer;
  /** Epoch ms. */
  flushedAt: number;
}

/**
 * Returns the pace of a viewer that asks for flushes at least `intervalMs` apart: at least as slow, and one of a few. 0 = every
 * flush, because the hub itself flushes no oftener than that.
 */
export function paceFor(intervalMs: number, flushIntervalMs: number): number {
  if (intervalMs <= flushIntervalMs) return 0;
  return PACES_MS.find((pace) => pace >= intervalMs) ?? SLOWEST_MS;
}

/** The changes since the last flush of each pace. Pace 0 is that of all viewers who have asked for no other. */
export class PacedChanges {
  readonly #every = new ConflationBuffer();
  readonly #slow = new Map<number, SlowPace>();

  /** How many rows wait for the next flush of pace 0. */
  get size(): number {
    return this.#every.size;
  }

  addChange(change: RowChange): void {
    this.#every.addChange(change);
    for (const { buffer } of this.#slow.values()) buffer.addChange(change);
  }

  /** Begins to collect changes for a pace. It has those from now on. */
  openPace(pace: number): void {
    if (pace !== 0 && !this.#slow.has(pace)) this.#slow.set(pace, { buffer: new ConflationBuffer(), flushedAt: 0 });
  }

  /** Ends the paces that no viewer has any more. */
  closeOthers(used: ReadonlySet<number>): void {
    for (const pace of this.#slow.keys()) if (!used.has(pace)) this.#slow.delete(pace);
  }

  /** Returns what waits at pace 0 and starts anew. */
  drainChanges(): PendingChange[] {
    return this.#every.drainChanges();
  }

  /** Returns what waits at the slower paces that are due, and starts them anew. */
  drainDue(now: number): Map<number, PendingChange[]> {
    const due = new Map<number, PendingChange[]>();
    for (const [pace, slow] of this.#slow) {
      if (slow.buffer.size === 0 || dueAt(pace, slow, now) > now) continue;
      slow.flushedAt = now;
      due.set(pace, slow.buffer.drainChanges());
    }
    return due;
  }

  /** When a slower pace is due, epoch ms; null = nothing waits at any. */
  nextDue(now: number): number | null {
    let next: number | null = null;
    for (const [pace, slow] of this.#slow) {
      if (slow.buffer.size === 0) continue;
      const at = Math.max(now, dueAt(pace, slow, now));
      if (next === null || at < next) next = at;
    }
    return next;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.#every.drainChanges();
    for (const { buffer } of this.#slow.values()) buffer.drainChanges();
  }
}

/** A clock that was set back must not hold the next flush back for as long. */
function dueAt(pace: number, { flushedAt }: SlowPace, now: number): number {
  return Math.min(now, flushedAt) + pace;
}
