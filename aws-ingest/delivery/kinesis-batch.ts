import * as v from "valibot";

/** The event of a Kinesis event source, and the answer that names the first record that failed (ReportBatchItemFailures). */

const eventSchema = v.object({
  Records: v.array(
    v.object({
      /** `shardId-000000000000:4959…`: the shard, a colon, the sequence number. */
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
  /** For example `shardId-000000000000`. Empty: the event does not say. */
  shard: string;
  sequenceNumber: string;
  /** Arrival time at Kinesis, epoch ms. It is the same in every repeat of the record. 0: the event does not say. */
  arrivedAt: number;
  /** The parsed JSON of the record, or undefined if it is not JSON. */
  json: unknown;
}

export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/** Returns the records of a batch in order. @throws TypeError if the event is not a Kinesis batch */
export function readBatch(event: unknown): BatchRecord[] {
  const result = v.safeParse(eventSchema, event, { abortEarly: true });
  if (!result.success) {
    throw new TypeError(
      `The event is not a Kinesis batch: ${v.getDotPath(result.issues[0]) ?? "the event"} is missing or wrong. Invoke this function from a Kinesis event source.`,
    );
  }
  return result.output.Records.map(({ eventID, kinesis }) => ({
    shard: eventID.split(":")[0] ?? "",
    sequenceNumber: kinesis.sequenceNumber,
    arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    json: parseJson(Buffer.from(kinesis.data, "base64").toString("utf8")),
  }));
}

/** Names the first failed record only, because Lambda repeats the batch from that record on. */
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
