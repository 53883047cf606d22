import { createHash } from "node:crypto";
import { type EventSourceMapping, KinesisFaults, KinesisShard, type ShardRecord } from "./kinesis-shard.ts";
import type { InvocationOutcome } from "./lambda-function.ts";

/** A Kinesis data stream in this process, with the Lambda event-source mapping that reads it. */
export interface LocalKinesis {
  /**
   * Adds a record. Records with one partition key stay in order.
   * @returns the record's sequence number
   * @throws RangeError for more than 1 MiB or an empty key
   */
  putRecord(partitionKey: string, data: string | Uint8Array): string;
  /** Resolves when every record so far has succeeded or was dropped. */
  drain(): Promise<void>;
  faults: KinesisFaults;
  /** Stops reading. Records that still wait are not delivered. */
  close(): Promise<void>;
}

export interface KinesisOptions {
  streamName: string;
  /** 1 unless set. */
  shards?: number;
  mapping: EventSourceMapping;
  /** Invokes the function once. */
  invoke: (functionName: string, event: unknown) => Promise<InvocationOutcome>;
  /** Epoch ms. Date.now unless set. */
  now?: () => number;
}

/** 1 MiB: the largest record of a stream with default settings. */
const MAX_RECORD_BYTES = 1024 * 1024;
const ACCOUNT = "111122223333";
const REGION = "us-east-1";
/** Sequence numbers are long decimals that grow. */
const FIRST_SEQUENCE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;

export function startKinesis(options: KinesisOptions): LocalKinesis {
  const { streamName, shards: count = 1, now = Date.now } = options;
  const streamArn = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${streamName}`;
  const faults = new KinesisFaults();
  const stop = new AbortController();
  const shards = Array.from({ length: count }, (_, index) => {
    const shardId = `shardId-${String(index).padStart(12, "0")}`;
    return new KinesisShard({ ...options, shardId, streamArn, region: REGION, now, faults, stopped: stop.signal });
  });
  let sequence = FIRST_SEQUENCE;

  return {
    putRecord: (partitionKey, data) => {
      const bytes = Buffer.from(data);
      if (partitionKey === "") throw new RangeError("putRecord: the partition key is empty");
      if (bytes.length > MAX_RECORD_BYTES)
        throw new RangeError(`putRecord: the record has ${bytes.length} bytes. The limit of Kinesis is 1 MiB.`);
      sequence += 1n;
      const record: ShardRecord = {
        sequenceNumber: String(sequence),
        partitionKey,
        data: bytes.toString("base64"),
        arrivedAt: now(),
      };
      shards[shardOf(partitionKey, count)]?.putRecord(record);
      return record.sequenceNumber;
    },
    drain: async () => {
      await Promise.all(shards.map((shard) => shard.drain()));
    },
    faults,
    close: async () => {
      stop.abort();
      await Promise.all(shards.map((shard) => shard.drain()));
    },
  };
}

/** Uses the MD5 of the key, because Kinesis gives each shard an equal share of that hash range. */
function shardOf(partitionKey: string, count: number): number {
  const hash = createHash("md5").update(partitionKey).digest().readUInt32BE(0);
  return Math.floor((hash / 2 ** 32) * count);
}
