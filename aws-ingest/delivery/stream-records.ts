import type { Update } from "../../protocol/updates.ts";
import { readHubSettings } from "../runtime/config.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter, type Meter } from "../runtime/meter.ts";
import { type Afterwards, DELIVERY_RESERVE_MS, openDelivery } from "./delivery.ts";
import { type BatchAnswer, type BatchRecord, failedFrom, readBatch } from "./kinesis-batch.ts";

/** What one record means, or why it is refused: the first wrong place, never what stands there. */
export type ReadRecord = { ok: true; updates: Update[] } | { ok: false; reason: string };

/** What reading a record may need. */
export interface RecordTools {
  instanceId: string;
  log: Log;
  meter: Meter;
}

/**
 * Turns a Kinesis batch into updates and posts them. A bad record fails alone: the others of its batch are posted, and
 * Lambda is told the first failed one, from which it repeats (repeating is harmless: the hub keeps the newest) until the
 * event source gives the bad one up to its own dead-letter queue. Records the hub would not take now fail in the same way,
 * or are put aside, as `afterwards` says: what the event source gives up it only notes, without what it said.
 * Returns the watched contacts too.
 */
export async function deliverRecords(
  service: string,
  event: unknown,
  context: InvocationContext | null,
  afterwards: Afterwards,
  read: (record: BatchRecord, tools: RecordTools) => ReadRecord | Promise<ReadRecord>,
): Promise<{ answer: BatchAnswer; watched: string[] }> {
  const log = createLog(service);
  const meter = createMeter(service);
  const settings = readHubSettings(process.env);
  const records = readBatch(event);
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const failed = new Set<number>();
  const recordOf = new Map<Update, number>();
  for (const [index, record] of records.entries()) {
    const result = await read(record, { instanceId: settings.instanceId, log, meter });
    if (result.ok) {
      for (const update of result.updates) recordOf.set(update, index);
      continue;
    }
    failed.add(index);
    meter.add("RecordsRefused", 1);
    log.error("Record refused.", { sequenceNumber: record.sequenceNumber, reason: result.reason });
  }
  let watched: string[] = [];
  if (recordOf.size > 0) {
    const delivered = await openDelivery(settings, afterwards, end, log, meter).deliver([...recordOf.keys()]);
    watched = delivered.watched;
    for (const update of delivered.again) {
      const index = recordOf.get(update);
      if (index !== undefined) failed.add(index);
    }
  }
  meter.flush();
  return { answer: failedFrom(records, failed), watched };
}
