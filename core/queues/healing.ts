import { currentStay } from "./leg-state.ts";
import type { QueueLeg } from "./queue-leg.ts";
import type { ChannelFigures } from "./queue-record.ts";

/**
 * How far a snapshot may lag behind. Amazon does not say; its own page reads every 15 s, and events come some seconds late. A
 * contact that was put into its queue later than that is never suspected.
 */
const SNAPSHOT_LAG_MS = 25_000;
/** Two snapshots less far apart may show the same reading. */
const APART_MS = 15_000;
/** A run of the sender asks Amazon Connect about so many contacts: DescribeContact allows 10 a second for the whole account. */
export const MAX_SUSPECTS = 5;

/** What a snapshot says of the contacts that wait by what the hub knows. */
export interface Doubts {
  /** Contacts that wait longer than any contact of the snapshot. They are no longer there, by what it says. */
  contradicted: QueueLeg[];
  /** The oldest contacts beyond the number of the snapshot. One of them may have left. */
  surplus: QueueLeg[];
}

/**
 * Compares the contacts that wait in one queue and channel with a snapshot. One that rings at an agent, or a paused task, is never
 * doubted: Amazon does not say whether it counts them.
 */
export function doubtsAbout(
  waiting: readonly QueueLeg[],
  figures: ChannelFigures,
  takenAt: number,
  isRinging: (contactId: string) => boolean,
): Doubts {
  if (figures.waiting === null) return { contradicted: [], surplus: [] };
  const settled = waiting
    .filter((leg) => leg.paused?.value !== true && !isRinging(leg.contactId) && lastPutAt(leg) < takenAt - SNAPSHOT_LAG_MS)
    .sort((a, b) => lastPutAt(a) - lastPutAt(b) || (a.contactId < b.contactId ? -1 : 1));
  const oldest = oldestPossible(figures, takenAt);
  const contradicted = settled.filter((leg) => lastPutAt(leg) < oldest);
  return { contradicted, surplus: settled.slice(contradicted.length, Math.max(0, settled.length - figures.waiting)) };
}

/** Whether the hub gives a contradicted contact up without asking: a second snapshot in a row says the same. */
export function isGivenUp({ contradictedAt }: QueueLeg, takenAt: number): boolean {
  return contradictedAt !== null && takenAt - contradictedAt >= APART_MS;
}

/** No contact of the snapshot was put into its queue before this time. */
function oldestPossible({ waiting, oldestSeconds }: ChannelFigures, takenAt: number): number {
  if (waiting === 0) return Number.POSITIVE_INFINITY;
  return oldestSeconds === null ? 0 : takenAt - oldestSeconds * 1000 - SNAPSHOT_LAG_MS;
}

function lastPutAt(leg: QueueLeg): number {
  return currentStay(leg)?.last ?? 0;
}
