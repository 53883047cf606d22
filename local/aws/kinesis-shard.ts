import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import { functionArn, type InvocationOutcome } from "./lambda-function.ts";

/** Faults to order. */
export class KinesisFaults {
  /** Delays records from now on. */
  delayMs = 0;
  #repeats = 0;

  /** Delivers each of the next `times` batches again after it succeeded, because Kinesis delivers at least once. */
  repeat(times: number): void {
    this.#repeats += times;
  }

  takeRepeat(): boolean {
    if (this.#repeats === 0) return false;
    this.#repeats -= 1;
    return true;
  }
}

/** The settings of AWS::Lambda::EventSourceMapping, with the defaults of AWS. */
export interface EventSourceMapping {
  functionName: string;
  /** 100 unless set. */
  batchSize?: number;
  /** Splits a failed batch in two, so that one bad record does not fail the others. False unless set. */
  bisectBatchOnError?: boolean;
  /** Whether the function's answer names the record that failed first. False unless set. */
  reportBatchItemFailures?: boolean;
  /** Without limit (-1 at AWS) unless set. */
  maximumRetryAttempts?: number;
  /** Without limit (-1 at AWS) unless set. */
  maximumRecordAgeMs?: number;
  /** The pause before a retry, 200 ms unless set. AWS uses its own backoff. */
  retryDelayMs?: number;
  /** The on-failure destination. */
  onFailure?: (failure: BatchFailure) => void;
}

export interface ShardRecord {
  sequenceNumber: string;
  partitionKey: string;
  /** Base64. */
  data: string;
  /** Epoch ms. */
  arrivedAt: number;
}

/** Lambda's message to the on-failure destination of a stream. It has the position of the records, not the records. */
export interface BatchFailure {
  version: "1.0";
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: "RetryAttemptsExhausted" | "MaximumRecordAgeExceeded";
    approximateInvokeCount: number;
  };
  KinesisBatchInfo: {
    shardId: string;
    startSequenceNumber: string;
    endSequenceNumber: string;
    batchSize: number;
    streamArn: string;
  };
}

export interface ShardOptions {
  shardId: string;
  streamArn: string;
  region: string;
  mapping: EventSourceMapping;
  invoke: (functionName: string, event: unknown) => Promise<InvocationOutcome>;
  now: () => number;
  faults: KinesisFaults;
  stopped: AbortSignal;
}

/** Records to deliver, and the number of failed attempts so far. */
interface Batch {
  records: ShardRecord[];
  failures: number;
}

const BATCH_SIZE = 100;
const RETRY_DELAY_MS = 200;
/** Lambda's payload limit of 6 MB, less the room for the records' envelopes. */
const MAX_BATCH_BYTES = 5 * 1024 * 1024;

const answerSchema = v.object({ batchItemFailures: v.array(v.object({ itemIdentifier: v.string() })) });

/** One shard and its reader. The reader delivers in order, one batch at a time, and reports every record that it drops. */
export class KinesisShard {
  readonly #options: ShardOptions;
  readonly #waiting: ShardRecord[] = [];
  #working: Promise<void> | null = null;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  putRecord(record: ShardRecord): void {
    this.#waiting.push(record);
    this.#working ??= this.#deliverWaiting().finally(() => {
      this.#working = null;
    });
  }

  async drain(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #deliverWaiting(): Promise<void> {
    const { faults, stopped } = this.#options;
    // The pause lets records of the same moment form one batch.
    await this.#pause(faults.delayMs);
    while (!stopped.aborted && this.#waiting.length > 0) {
      const records = this.#nextBatch();
      await this.#deliver({ records, failures: 0 });
      if (!stopped.aborted && faults.takeRepeat()) await this.#deliver({ records, failures: 0 });
    }
  }

  #nextBatch(): ShardRecord[] {
    const { batchSize = BATCH_SIZE } = this.#options.mapping;
    let bytes = 0;
    const end = this.#waiting.findIndex((record, index) => {
      bytes += record.data.length;
      return index >= batchSize || (index > 0 && bytes > MAX_BATCH_BYTES);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /** Delivers until every record of the batch has succeeded or was dropped. */
  async #deliver(first: Batch): Promise<void> {
    const { mapping, stopped } = this.#options;
    const { bisectBatchOnError = false, maximumRetryAttempts = Number.POSITIVE_INFINITY } = mapping;
    const due: Batch[] = [first];
    for (let batch = due.shift(); batch !== undefined && !stopped.aborted; batch = due.shift()) {
      const records = this.#withoutExpired(batch);
      if (records.length === 0) continue;
      const failed = await this.#attempt(records);
      if (failed === null || stopped.aborted) continue;
      const rest = records.slice(failed);
      const failures = batch.failures + 1;
      if (bisectBatchOnError && (failed > 0 || rest.length > 1)) {
        // A split does not count as an attempt (developer guide, "Retaining discarded batch records").
        const middle = failed > 0 ? rest.length : Math.ceil(rest.length / 2);
        const halves = [rest.slice(0, middle), rest.slice(middle)].filter((half) => half.length > 0);
        due.unshift(...halves.map((half) => ({ records: half, failures: batch.failures })));
      } else if (failures > maximumRetryAttempts) {
        this.#giveUp(rest, "RetryAttemptsExhausted", failures);
      } else {
        due.unshift({ records: rest, failures });
      }
      await this.#pause(mapping.retryDelayMs ?? RETRY_DELAY_MS);
    }
  }

  #withoutExpired({ records, failures }: Batch): ShardRecord[] {
    const { mapping, now } = this.#options;
    const oldest = now() - (mapping.maximumRecordAgeMs ?? Number.POSITIVE_INFINITY);
    const fresh = records.filter((record) => record.arrivedAt >= oldest);
    const expired = records.filter((record) => record.arrivedAt < oldest);
    if (expired.length > 0) this.#giveUp(expired, "MaximumRecordAgeExceeded", failures);
    return fresh;
  }

  /** Returns the index of the first record to retry, or null when all records succeeded. */
  async #attempt(records: readonly ShardRecord[]): Promise<number | null> {
    const { mapping, invoke } = this.#options;
    const outcome = await invoke(mapping.functionName, this.#invocationEvent(records));
    if (outcome.status !== "returned") return 0;
    if (mapping.reportBatchItemFailures !== true) return null;
    const answer: unknown = JSON.parse(outcome.payload);
    const parsed = v.safeParse(v.nullable(answerSchema), answer);
    // An unreadable answer fails the whole batch. So does an answer that names a record of another batch.
    if (!parsed.success) return isEmpty(answer) ? null : 0;
    const named = parsed.output?.batchItemFailures ?? [];
    if (named.length === 0) return null;
    const places = named.map(({ itemIdentifier }) => records.findIndex((record) => record.sequenceNumber === itemIdentifier));
    return Math.max(0, Math.min(...places));
  }

  #giveUp(
    records: readonly ShardRecord[],
    condition: BatchFailure["requestContext"]["condition"],
    approximateInvokeCount: number,
  ): void {
    const { mapping, shardId, streamArn, now } = this.#options;
    mapping.onFailure?.({
      version: "1.0",
      timestamp: new Date(now()).toISOString(),
      requestContext: {
        requestId: randomUUID(),
        functionArn: functionArn(mapping.functionName),
        condition,
        approximateInvokeCount,
      },
      KinesisBatchInfo: {
        shardId,
        startSequenceNumber: records[0]?.sequenceNumber ?? "",
        endSequenceNumber: records.at(-1)?.sequenceNumber ?? "",
        batchSize: records.length,
        streamArn,
      },
    });
  }

  #invocationEvent(records: readonly ShardRecord[]): object {
    const { shardId, streamArn, region } = this.#options;
    return {
      Records: records.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey,
          sequenceNumber,
          data,
          approximateArrivalTimestamp: arrivedAt / 1000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `${shardId}:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        invokeIdentityArn: "arn:aws:iam::111122223333:role/local-lambda",
        awsRegion: region,
        eventSourceARN: streamArn,
      })),
    };
  }

  /** Ends early when the stream stops. */
  async #pause(delayMs: number): Promise<void> {
    await pause(delayMs, undefined, { signal: this.#options.stopped }).catch(() => {});
  }
}

/** Lambda reads `null`, `{}` and `{"batchItemFailures": null}` as success. */
function isEmpty(answer: unknown): boolean {
  const empty = v.object({ batchItemFailures: v.optional(v.null()) });
  return v.is(empty, answer);
}
