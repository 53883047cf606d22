import { LONGEST_DAY_MS, quarterOf } from "../board/local-day.ts";
import type { StayFigures } from "./leg-state.ts";
import { addToQuarter, newQuarter, type QuarterRecord, removeFromQuarter } from "./quarter.ts";

/** A quarter as it is kept. */
export interface StoredQuarter {
  queueId: string;
  /** When it began, epoch ms. */
  from: number;
  record: QuarterRecord;
}

/**
 * The quarters of all queues in the past 25 hours, which is as long as a day can be. A contact belongs to the quarter in which it
 * was put into the queue. What it adds is replaced when more becomes known of it, so a repetition counts nothing twice.
 */
export class QueueQuarters {
  readonly #quarters = new Map<string, Map<number, QuarterRecord>>();
  readonly #unsaved = new Map<string, Set<number>>();

  constructor(stored: Iterable<StoredQuarter>) {
    for (const { queueId, from, record } of stored) this.#quartersOf(queueId).set(from, record);
  }

  /** Replaces what one contact adds to its queues. */
  replace(before: readonly StayFigures[], after: readonly StayFigures[], now: number): void {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    for (const figures of before) {
      const quarter = this.#quarters.get(figures.queueId)?.get(quarterOf(figures.enqueuedAt));
      if (quarter === undefined || !isKept(figures.enqueuedAt, now)) continue;
      removeFromQuarter(quarter, figures);
      this.#noteUnsaved(figures);
    }
    for (const figures of after) {
      if (!isKept(figures.enqueuedAt, now)) continue;
      const quarters = this.#quartersOf(figures.queueId);
      const from = quarterOf(figures.enqueuedAt);
      const quarter = quarters.get(from) ?? newQuarter();
      quarters.set(from, quarter);
      addToQuarter(quarter, figures);
      this.#noteUnsaved(figures);
    }
  }

  /** The quarters of a queue that began at `from` or later, in the order of time. */
  since(queueId: string, from: number): [from: number, quarter: QuarterRecord][] {
    const found = [...(this.#quarters.get(queueId) ?? [])].filter(([began]) => began >= from);
    return found.sort(([a], [b]) => a - b);
  }

  get isEmpty(): boolean {
    return this.#quarters.size === 0;
  }

  /** Forgets quarters that can belong to no day any more. Returns the time before which they began. */
  forgetOld(now: number): number {
    const oldest = quarterOf(now - LONGEST_DAY_MS);
    for (const [queueId, quarters] of this.#quarters) {
      for (const from of quarters.keys()) if (from < oldest) quarters.delete(from);
      if (quarters.size === 0) this.#quarters.delete(queueId);
    }
    return oldest;
  }

  /** Returns the quarters that changed since the last call. */
  drainUnsaved(): StoredQuarter[] {
    const changed = [...this.#unsaved].flatMap(([queueId, starts]) =>
      [...starts].flatMap((from) => {
        const record = this.#quarters.get(queueId)?.get(from);
        return record === undefined ? [] : [{ queueId, from, record }];
      }),
    );
    this.#unsaved.clear();
    return changed;
  }

  #quartersOf(queueId: string): Map<number, QuarterRecord> {
    const known = this.#quarters.get(queueId) ?? new Map<number, QuarterRecord>();
    this.#quarters.set(queueId, known);
    return known;
  }

  #noteUnsaved({ queueId, enqueuedAt }: StayFigures): void {
    const starts = this.#unsaved.get(queueId) ?? new Set<number>();
    this.#unsaved.set(queueId, starts.add(quarterOf(enqueuedAt)));
  }
}

/** A quarter is dropped as a whole, so the limit is that of its beginning. */
function isKept(enqueuedAt: number, now: number): boolean {
  return quarterOf(enqueuedAt) >= quarterOf(now - LONGEST_DAY_MS);
}
