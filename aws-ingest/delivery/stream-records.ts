import type { Update } from "../../protocol/updates.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter, type Meter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";
import { DELIVERY_RESERVE_MS, type FailurePolicy, openDelivery } from "./delivery.ts";
import { type BatchAnswer, type BatchRecord, failedFrom, readBatch } from "./kinesis-batch.ts";

/** The updates of one record, or why it is refused. `reason` names the first wrong field and never quotes its value. */
export type ReadRecord = { ok: true; updates: Update[] } | { ok: false; reason: string };

/** Passed to the function that reads a record. */
export interface RecordTools {
  instanceId: string;
  log: Log;
  meter: Meter;
}

/**
 * Turns a Kinesis batch into updates and posts them. A bad record does not stop the other records of its batch. The answer
 * names the first record that failed, and Lambda repeats the batch from there. A repeat is harmless, because the hub keeps the
 * newest of each fact. After its retries the event source notes a bad record in its own dead-letter queue, without the content.
 * `policy` says what happens to records that the hub refused but may accept later.
 * @returns the answer for Lambda, and the contacts that a viewer watches
 */
export async function deliverRecords(
  service: string,
  event: unknown,
  context: InvocationContext | null,
  policy: FailurePolicy,
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
    log.error("A record is not what Amazon Connect documents. Lambda repeats it a few times and then gives it up.", {
      sequenceNumber: record.sequenceNumber,
      reason: result.reason,
    });
  }
  const { retryable, watched } = await openDelivery(settings, policy, end, log, meter).deliver([...recordOf.keys()]);
  for (const update of retryable) {
    const index = recordOf.get(update);
    if (index !== undefined) failed.add(index);
  }
  meter.flush();
  return { answer: failedFrom(records, failed), watched };
}
