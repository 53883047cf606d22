import type { Channel } from "../../protocol/agent.ts";
import type { QueueDay } from "../../protocol/queue.ts";
import type { WaitingLeg } from "./leg-index.ts";
import type { ServiceLevelFormula } from "./queue-day.ts";
import { ESTIMATE_EXPIRES_MS } from "./queue-expiry.ts";
import { estimatedWaitMs, type QueueRecord } from "./queue-record.ts";
import type { QueueRow } from "./queue-row.ts";
import type { QueueStaffing } from "./staffing.ts";

/** All that the public row of a queue follows from. */
export interface QueueSources {
  record: QueueRecord;
  waiting: Iterable<WaitingLeg>;
  isRinging(contactId: string): boolean;
  scheduled: number;
  /** null = no routing profile is known. */
  staffing: QueueStaffing | null;
  today: QueueDay;
  formula: ServiceLevelFormula;
}

/** Derives the public queue at `now` (epoch ms). */
export function deriveQueue(sources: QueueSources, now: number): QueueRow {
  const { record, waiting, isRinging, scheduled, staffing, today, formula } = sources;
  const channels: Partial<Record<Channel, number>> = {};
  let [count, ringing] = [0, 0];
  let oldestSince: number | null = null;
  for (const { leg, since } of waiting) {
    const channel = leg.channel ?? "voice";
    channels[channel] = (channels[channel] ?? 0) + 1;
    count += 1;
    if (isRinging(leg.contactId)) ringing += 1;
    if (oldestSince === null || since < oldestSince) oldestSince = since;
  }
  return {
    queueId: record.queueId,
    // Until a snapshot names the queue, its id is all that is known.
    name: record.name === "" ? record.queueId : record.name,
    waiting: count,
    ringing,
    scheduled,
    oldestSince,
    estimatedWaitMs: now - record.takenAt < ESTIMATE_EXPIRES_MS ? estimatedWaitMs(record) : null,
    staffed: staffing === null ? record.staffed : staffing.staffed,
    available: staffing === null ? record.available : staffing.available,
    silent: staffing?.silent ?? null,
    channels,
    serviceLevelSeconds: record.serviceLevelSeconds,
    serviceLevelFormula: formula,
    profiles: staffing?.profiles ?? [],
    today,
    groups: staffing?.groups ?? [],
  };
}
