import type { QueueLevel } from "./queues.ts";

/** A queue with the level that gives it its place. */
interface Placed {
  level: QueueLevel;
  /** Since when the queue is less urgent than its place, epoch ms; null = it is not. */
  calmerSince: number | null;
}

export interface LevelledQueue {
  queueId: string;
  name: string;
  level: QueueLevel;
}

/**
 * Milliseconds that a queue keeps its place after it has become less urgent. A queue that is answered every few seconds would
 * jump otherwise.
 */
const STAY_MS = 30_000;
const RANK: Readonly<Record<QueueLevel, number>> = { critical: 0, warning: 1, calm: 2 };

/**
 * The order of the tiles: the most urgent queues first, by name among equals. A queue rises at once and sinks after
 * {@link STAY_MS}, so that tiles seldom move.
 */
export class QueueOrder {
  #placed: ReadonlyMap<string, Placed> = new Map();
  #ids: readonly string[] = [];

  /**
   * Returns the ids in their order. The same input gives the same order again.
   * @param held the reader is at the tiles: known queues keep their places, and new ones come last.
   */
  next(
    queues: readonly LevelledQueue[],
    now: number,
    compare: (a: string, b: string) => number,
    held = false,
  ): readonly string[] {
    const placed = new Map<string, Placed>();
    for (const { queueId, level } of queues) placed.set(queueId, placeOf(this.#placed.get(queueId), level, now));
    this.#placed = placed;
    const rank = (queueId: string) => RANK[placed.get(queueId)?.level ?? "calm"];
    const sorted = [...queues]
      .sort((a, b) => rank(a.queueId) - rank(b.queueId) || compare(a.name, b.name) || (a.queueId < b.queueId ? -1 : 1))
      .map(({ queueId }) => queueId);
    const before = new Set(this.#ids);
    const ids = held
      ? [...this.#ids.filter((queueId) => placed.has(queueId)), ...sorted.filter((queueId) => !before.has(queueId))]
      : sorted;
    this.#ids = ids;
    return ids;
  }
}

function placeOf(before: Placed | undefined, level: QueueLevel, now: number): Placed {
  if (before === undefined || RANK[level] <= RANK[before.level]) return { level, calmerSince: null };
  const calmerSince = before.calmerSince ?? now;
  return now - calmerSince >= STAY_MS ? { level, calmerSince: null } : { level: before.level, calmerSince };
}
