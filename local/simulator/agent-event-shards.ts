import * as v from "valibot";
import { type AgentEvent, agentArn, agentEventRecord, type Home } from "./agent-event.ts";

/** The Kinesis stream of agent events with Lambda's poller: a record stays in its shard, in order, until it is processed. */
export interface AgentEventStream {
  put(event: AgentEvent): void;
  /** Settles when everything put so far has been processed or given up. */
  drain(): Promise<void>;
}

/** Runs the function that processes a batch; as Lambda does, it answers which records failed. */
export type InvokeFunction = (event: object) => Promise<unknown>;

const SHARDS = 4;
/** As the deployed event source mapping. */
const BATCH_SIZE = 100;
const ATTEMPTS = 4;
const RETRY_AFTER_MS = 500;

const answerSchema = v.object({ batchItemFailures: v.array(v.object({ itemIdentifier: v.string() })) });

interface StoredRecord {
  sequenceNumber: string;
  partitionKey: string;
  data: string;
  arrivedAt: number;
}

export function createAgentEventStream(
  home: Home,
  invoke: InvokeFunction,
  onLost: (count: number) => void,
  retryAfterMs = RETRY_AFTER_MS,
): AgentEventStream {
  const shards = Array.from(
    { length: SHARDS },
    (_, index) => new Shard(`shardId-${String(index).padStart(12, "0")}`, home, invoke, onLost, retryAfterMs),
  );
  let sequence = 49_600_000_000_000_000_000_000n;
  return {
    put(event) {
      const partitionKey = agentArn(home, event.agent);
      sequence += 1n;
      const data = Buffer.from(JSON.stringify(agentEventRecord(home, event))).toString("base64");
      shards[shardOf(partitionKey)]?.put({ sequenceNumber: String(sequence), partitionKey, data, arrivedAt: event.at });
    },
    async drain() {
      await Promise.all(shards.map((shard) => shard.drained));
    },
  };
}

function shardOf(partitionKey: string): number {
  let hash = 0;
  for (let index = 0; index < partitionKey.length; index += 1)
    hash = (Math.imul(hash, 31) + partitionKey.charCodeAt(index)) >>> 0;
  return hash % SHARDS;
}

class Shard {
  drained: Promise<void> = Promise.resolve();
  readonly #id: string;
  readonly #home: Home;
  readonly #invoke: InvokeFunction;
  readonly #onLost: (count: number) => void;
  readonly #retryAfterMs: number;
  readonly #waiting: StoredRecord[] = [];
  #busy = false;

  constructor(id: string, home: Home, invoke: InvokeFunction, onLost: (count: number) => void, retryAfterMs: number) {
    this.#id = id;
    this.#home = home;
    this.#invoke = invoke;
    this.#onLost = onLost;
    this.#retryAfterMs = retryAfterMs;
  }

  put(record: StoredRecord): void {
    this.#waiting.push(record);
    if (this.#busy) return;
    this.#busy = true;
    // One turn of the event loop later, so that events of the same moment make one batch.
    this.drained = new Promise((resolve) => setImmediate(resolve)).then(() => this.#work());
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#process(this.#waiting.splice(0, BATCH_SIZE));
    this.#busy = false;
  }

  /** One batch until it is done: repeated from the first failed record on, and given up after some attempts. */
  async #process(batch: StoredRecord[]): Promise<void> {
    let rest = batch;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      rest = await this.#attempt(rest);
      if (rest.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, this.#retryAfterMs * attempt));
    }
    this.#onLost(rest.length);
  }

  async #attempt(batch: StoredRecord[]): Promise<StoredRecord[]> {
    try {
      const { batchItemFailures } = v.parse(answerSchema, await this.#invoke(this.#event(batch)));
      const failed = batch.findIndex((record) =>
        batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === record.sequenceNumber),
      );
      return failed === -1 ? [] : batch.slice(failed);
    } catch {
      return batch;
    }
  }

  /** The event Lambda hands to a function that reads a Kinesis stream ("Using AWS Lambda with Amazon Kinesis"). */
  #event(batch: readonly StoredRecord[]): object {
    const { region, accountId } = this.#home;
    return {
      Records: batch.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey,
          sequenceNumber,
          data,
          approximateArrivalTimestamp: arrivedAt / 1000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `${this.#id}:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        awsRegion: region,
        eventSourceARN: `arn:aws:kinesis:${region}:${accountId}:stream/vigia-agent-events`,
      })),
    };
  }
}
