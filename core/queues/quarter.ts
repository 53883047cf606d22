import * as v from "valibot";
import type { StayFigures } from "./leg-state.ts";

const waits = v.fallback(v.array(v.number()), []);

/** The contacts that were put into one queue in one quarter of an hour. Each list has the waits of those with one outcome, ms, sorted. */
export const queueQuarterRecordSchema = v.object({
  queued: v.fallback(v.number(), 0),
  answered: waits,
  abandoned: waits,
  /** Left the queue because the customer asked for a callback. */
  callback: waits,
  moved: waits,
  unreached: waits,
});
export type QuarterRecord = v.InferOutput<typeof queueQuarterRecordSchema>;

export function newQuarter(): QuarterRecord {
  return { queued: 0, answered: [], abandoned: [], callback: [], moved: [], unreached: [] };
}

/** Reads a stored quarter. null = it is unreadable. */
export function parseQuarter(stored: unknown): QuarterRecord | null {
  const parsed = v.safeParse(queueQuarterRecordSchema, stored);
  return parsed.success ? parsed.output : null;
}

/** Adds what one contact did. */
export function addToQuarter(quarter: QuarterRecord, { outcome, waitMs }: StayFigures): void {
  quarter.queued += 1;
  if (outcome === "waiting") return;
  const list = quarter[outcome];
  list.splice(countUpTo(list, waitMs), 0, waitMs);
}

/** Takes back what {@link addToQuarter} added. */
export function removeFromQuarter(quarter: QuarterRecord, { outcome, waitMs }: StayFigures): void {
  quarter.queued = Math.max(0, quarter.queued - 1);
  if (outcome === "waiting") return;
  const list = quarter[outcome];
  const index = countUpTo(list, waitMs) - 1;
  // Another version of the code may have counted the contact in another way.
  if (list[index] === waitMs) list.splice(index, 1);
}

/** How many waits of the sorted list are `limit` at most. */
export function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
