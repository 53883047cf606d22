import type { Channel } from "../../protocol/agent.ts";
import { LONGEST_DAY_MS } from "../board/local-day.ts";
import type { QueueLeg } from "./queue-leg.ts";
import type { QueueRecord } from "./queue-record.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * A contact without news for so long is given up. It is the last resort: snapshots find lost contacts earlier. A chat may last
 * seven days and a task may wait for ninety (Amazon Connect service quotas, read 2026-11).
 */
const GIVEN_UP_AFTER_MS: Readonly<Record<Channel, number>> = {
  voice: 6 * HOUR_MS,
  chat: 8 * DAY_MS,
  task: 91 * DAY_MS,
  email: 91 * DAY_MS,
};
/** A leg that is over stays in memory so long, because the news of its successor may be late. */
export const LEG_IN_MEMORY_MS = 30 * MINUTE_MS;
/** And in storage as long as its quarter counts, so that no repetition counts it twice. EventBridge repeats for 24 hours. */
export const LEG_STORED_MS = LONGEST_DAY_MS;
/** A repeated word that a contact still waits is worth a row so often. */
export const CONFIRM_EVERY_MS = HOUR_MS;
/** How often the hub looks for what has expired. */
export const CLEAN_EVERY_MS = HOUR_MS;
/** Snapshots come once a minute. An estimate that is older than several of them says nothing of the present. */
export const ESTIMATE_EXPIRES_MS = 5 * MINUTE_MS;
/** The names of queues are read once an hour, so a snapshot may not know a new queue yet. */
const NEW_QUEUE_MS = 2 * HOUR_MS;
/** A queue that neither a snapshot nor a contact names for so long leaves the board, like an agent. */
const QUEUE_FORGOTTEN_MS = 30 * DAY_MS;
/** The tombstone of a queue is kept so long for viewers that come back. */
const QUEUE_TOMBSTONE_MS = 30 * DAY_MS;

/** Whether the hub gives the contact up because nothing was heard of it for too long. */
export function isLegExpired({ channel, overAt, receivedAt }: QueueLeg, now: number): boolean {
  return overAt === null && receivedAt + GIVEN_UP_AFTER_MS[channel ?? "voice"] <= now;
}

/**
 * Whether a queue is not on the board at `now`: the newest complete snapshot, taken at `completeAt`, lacks it, or nobody names it any
 * more. `inUse`: a contact waits in it or is scheduled. It does not matter in which order the hub learned all this.
 */
export function isQueueGone({ takenAt, usedAt }: QueueRecord, completeAt: number, inUse: boolean, now: number): boolean {
  if (inUse) return false;
  const isUnlisted = takenAt < completeAt && usedAt < completeAt - NEW_QUEUE_MS;
  return isUnlisted || Math.max(takenAt, usedAt) + QUEUE_FORGOTTEN_MS <= now;
}

/** When time alone changes something about the queue, epoch ms: it leaves the board, or its tombstone goes. */
export function queueDeadline({ takenAt, usedAt, goneAt }: QueueRecord): number {
  return goneAt === null ? Math.max(takenAt, usedAt) + QUEUE_FORGOTTEN_MS : goneAt + QUEUE_TOMBSTONE_MS;
}
