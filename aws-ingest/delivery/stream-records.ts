import type { Update } from "../../protocol/updates.ts";
import { type RecordReading, unreadable } from "../connect/reading.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter, type Meter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";
import { DELIVERY_RESERVE_MS, type FailurePolicy, openDelivery } from "./delivery.ts";
import { type BatchAnswer, type BatchRecord, failedFrom, readBatch } from "./kinesis-batch.ts";
import { valueRead } from "./outcomes.ts";

/** Passed to the function that reads a record. */
export interface RecordTools {
  instanceId: string;
  log: Log;
  meter: Meter;
}

export interface StreamReader {
  /** The function's name in logs and metrics. */
  service: string;
  /** What happens to records that the hub refused but may accept later. */
  policy: FailurePolicy;
  /**
   * How long after its arrival a record is tried again, in ms. An older batch gets one more attempt. Then the dead-letter queue
   * keeps it with its content, so that the newer records behind it go on. Left out: the event source gives up first.
   */
  retryForMs?: number;
  /** Reads one record. An exception counts as a record that nobody can read. */
  read(record: BatchRecord, tools: RecordTools): RecordReading<Update[]> | Promise<RecordReading<Update[]>>;
}

/**
 * Turns a Kinesis batch into updates and posts them. Foreign and unreadable records are passed over. Only what the hub may accept
 * later fails: the answer names the first such record, and Lambda repeats the batch from there. A repeat is harmless, because the
 * hub keeps the newest of each fact.
 * @returns the answer for Lambda, and the contacts that a viewer watches
 */
export async function deliverRecords(
  event: unknown,
  context: InvocationContext | null,
  reader: StreamReader,
): Promise<{ answer: BatchAnswer; watched: string[] }> {
  const { service, policy, retryForMs = Number.POSITIVE_INFINITY } = reader;
  const log = createLog(service);
  const meter = createMeter(service);
  const settings = readHubSettings(process.env);
  const records = readBatch(event);
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const recordOf = new Map<Update, number>();
  for (const [index, record] of records.entries()) {
    const reading = await readSafely(reader, record, { instanceId: settings.instanceId, log, meter });
    const updates = valueRead(reading, { sequenceNumber: record.sequenceNumber }, log, meter) ?? [];
    for (const update of updates) recordOf.set(update, index);
  }
  const late = ageOf(records) > retryForMs;
  const delivery = late
    ? openDelivery(settings, "dead-letter-or-retry", AbortSignal.abort(), log, meter)
    : openDelivery(settings, policy, end, log, meter);
  const { retryable, watched } = await delivery.deliver([...recordOf.keys()]);
  const failed = new Set(retryable.flatMap((update) => recordOf.get(update) ?? []));
  meter.flush();
  return { answer: failedFrom(records, failed), watched };
}

async function readSafely(reader: StreamReader, record: BatchRecord, tools: RecordTools): Promise<RecordReading<Update[]>> {
  try {
    return await reader.read(record, tools);
  } catch (error) {
    return unreadable(`reading it failed with ${error instanceof Error ? error.name : "an unknown error"}`);
  }
}

/** The event source drops records long before they are a day old, so a record that seems older has a wrong time. */
const LONGEST_AGE_MS = 24 * 60 * 60_000;

/** Age of the oldest record in ms; 0 if no record says when it arrived. */
function ageOf(records: readonly BatchRecord[]): number {
  const ages = records.map(({ arrivedAt }) => Date.now() - arrivedAt);
  return Math.max(0, ...ages.filter((age) => age <= LONGEST_AGE_MS));
}
