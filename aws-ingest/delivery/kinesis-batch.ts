import * as v from "valibot";

/** A batch of a Kinesis event source, and the answer that names what could not be processed. */

const eventSchema = v.object({
  Records: v.array(
    v.object({
      /** The shard, a colon and the sequence number. */
      eventID: v.optional(v.string(), ""),
      kinesis: v.object({
        data: v.string(),
        sequenceNumber: v.pipe(v.string(), v.nonEmpty()),
        /** Seconds since the epoch, with a fraction. */
        approximateArrivalTimestamp: v.optional(v.number(), 0),
      }),
    }),
  ),
});

export interface BatchRecord {
  /** `shardId-000000000000`; empty = not said. */
  shard: string;
  sequenceNumber: string;
  /** When Kinesis got it, epoch ms; the same whenever it is delivered again. 0 = not said. */
  arrivedAt: number;
  /** The record's JSON, or undefined when it is none. */
  json: unknown;
}

export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/** The records of a batch in order. @throws TypeError when the event is no Kinesis batch at all. */
export function readBatch(event: unknown): BatchRecord[] {
  const result = v.safeParse(eventSchema, event, { abortEarly: true });
  if (!result.success) {
    throw new TypeError(`Not a Kinesis batch: ${v.getDotPath(result.issues[0]) ?? "event"} is missing or wrong.`);
  }
  return result.output.Records.map(({ eventID, kinesis }) => ({
    shard: eventID.split(":")[0] ?? "",
    sequenceNumber: kinesis.sequenceNumber,
    arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    json: parseJson(Buffer.from(kinesis.data, "base64").toString("utf8")),
  }));
}

/** Lambda repeats the batch from the record named here on (ReportBatchItemFailures), so the first failed one is enough. */
export function failedFrom(records: readonly BatchRecord[], failed: ReadonlySet<number>): BatchAnswer {
  const first = records.find((_, index) => failed.has(index));
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.sequenceNumber }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
