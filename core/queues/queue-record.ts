import * as v from "valibot";
import { channelSchema } from "../../protocol/agent.ts";
import type { QueueFigures, QueueSnapshot } from "../../protocol/queue-updates.ts";

/** The preset of Amazon Connect's real-time metrics reports that most centers use. */
const DEFAULT_SERVICE_LEVEL_SECONDS = 20;

const figure = v.fallback(v.nullable(v.number()), null);

/** What the hub knows of a queue besides its contacts: the newest snapshot's word. */
export const queueRecordSchema = v.object({
  queueId: v.string(),
  /** Empty = no snapshot has named the queue. */
  name: v.fallback(v.string(), ""),
  serviceLevelSeconds: v.fallback(v.number(), DEFAULT_SERVICE_LEVEL_SECONDS),
  channels: v.fallback(
    v.array(
      v.object({
        channel: channelSchema,
        waiting: figure,
        oldestSeconds: figure,
        scheduled: figure,
        estimatedWaitSeconds: figure,
      }),
    ),
    [],
  ),
  staffed: figure,
  available: figure,
  /** When the newest snapshot with the queue was taken; 0 = none had it. */
  takenAt: v.fallback(v.number(), 0),
  /** When a contact was put into the queue last, epoch ms. */
  usedAt: v.fallback(v.number(), 0),
  /** When the queue left the board, on the hub's clock; null = it is there. */
  goneAt: figure,
  /**
   * When the newest complete snapshot was taken that the hub knew when it wrote this record; 0 = none. The greatest of all records
   * is that of the hub. A queue that it lacks is gone.
   */
  completeAt: v.fallback(v.number(), 0),
});
export type QueueRecord = Readonly<v.InferOutput<typeof queueRecordSchema>>;
/** The figures of Amazon Connect for one channel of a queue; null = unknown. */
export type ChannelFigures = QueueRecord["channels"][number];

export function newQueueRecord(queueId: string): QueueRecord {
  return v.parse(queueRecordSchema, { queueId });
}

/** Reads a stored record. null = it is unreadable. */
export function parseQueueRecord(stored: unknown): QueueRecord | null {
  const parsed = v.safeParse(queueRecordSchema, stored);
  return parsed.success ? parsed.output : null;
}

/** Returns the new record, or null when a snapshot that is as new or newer is known. At the same time the greater text counts. */
export function foldQueueFigures(record: QueueRecord, figures: QueueFigures, takenAt: number): QueueRecord | null {
  const { usedAt, completeAt } = record;
  const { queueId, name, channels, staffed, available } = figures;
  const serviceLevelSeconds = figures.serviceLevelSeconds ?? DEFAULT_SERVICE_LEVEL_SECONDS;
  const figuresOfQueue = { name, serviceLevelSeconds, channels, staffed, available };
  const folded = { queueId, ...figuresOfQueue, takenAt, usedAt, goneAt: null, completeAt };
  if (takenAt < record.takenAt) return null;
  return takenAt === record.takenAt && JSON.stringify(folded) <= JSON.stringify(record) ? null : folded;
}

/** Notes that a contact was put into the queue at `usedAt`. A queue that had left the board is back. */
export function foldUse(record: QueueRecord, usedAt: number): QueueRecord {
  return usedAt > record.usedAt ? { ...record, usedAt, goneAt: null } : record;
}

/** The longest estimate of the queue's channels, ms; null = Amazon Connect gives none. */
export function estimatedWaitMs({ channels }: QueueRecord): number | null {
  const known = channels.flatMap(({ estimatedWaitSeconds }) => estimatedWaitSeconds ?? []);
  return known.length === 0 ? null : Math.round(Math.max(...known) * 1000);
}

/** A list of routing profiles with the time of its snapshot. */
export interface ListedProfiles {
  takenAt: number;
  profiles: NonNullable<QueueSnapshot["profiles"]>;
}
