import fc from "fast-check";
import * as v from "valibot";
import { afterEach, describe, expect, test } from "vitest";
import { type LocalKinesis, startKinesis } from "../../../local/aws/kinesis.ts";
import type { BatchFailure, EventSourceMapping } from "../../../local/aws/kinesis-shard.ts";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";

const eventSchema = v.object({
  Records: v.array(v.object({ kinesis: v.object({ data: v.string(), partitionKey: v.string(), sequenceNumber: v.string() }) })),
});

interface Delivered {
  text: string;
  key: string;
  sequenceNumber: string;
}

let lambda: LocalLambda | null = null;
let kinesis: LocalKinesis | null = null;

/** Starts a stream whose function is `handle`, and records every batch. */
async function start(
  handle: (batch: Delivered[]) => unknown,
  mapping: Partial<EventSourceMapping> = {},
  options: { shards?: number; now?: () => number } = {},
) {
  const batches: Delivered[][] = [];
  const failures: BatchFailure[] = [];
  const handler = (event: unknown): unknown => {
    const batch = v.parse(eventSchema, event).Records.map(({ kinesis: record }) => ({
      text: Buffer.from(record.data, "base64").toString("utf8"),
      key: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
    }));
    batches.push(batch);
    return handle(batch);
  };
  const local = await startLambda({ functions: { reader: { handler } } });
  const stream = startKinesis({
    streamName: "agent-events",
    invoke: local.invoke,
    mapping: { functionName: "reader", retryDelayMs: 0, onFailure: (failure) => failures.push(failure), ...mapping },
    ...options,
  });
  lambda = local;
  kinesis = stream;
  return { stream, failures, texts: () => batches.map((batch) => batch.map((record) => record.text)), batches };
}

afterEach(async () => {
  await kinesis?.close();
  await lambda?.close();
});

function failAt(batch: readonly Delivered[], ...bad: string[]): { batchItemFailures: { itemIdentifier: string }[] } {
  const failed = batch.filter((record) => bad.includes(record.text)).map((record) => ({ itemIdentifier: record.sequenceNumber }));
  return { batchItemFailures: failed };
}

describe("An event-source mapping", () => {
  test("delivers records in batches and in order.", async () => {
    const { stream, texts } = await start(() => null, { batchSize: 2 });
    for (const text of ["a", "b", "c"]) stream.putRecord("agent-1", text);
    await stream.drain();
    expect(texts()).toEqual([["a", "b"], ["c"]]);
  });

  test("keeps the order of each partition key with any number of shards.", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("ana", "beto", "caro", "dani"), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (keys, shards) => {
          const { stream, batches } = await start(() => null, { batchSize: 3 }, { shards });
          keys.forEach((key, index) => {
            stream.putRecord(key, String(index));
          });
          await stream.drain();
          for (const key of new Set(keys)) {
            const seen = batches.flat().filter((record) => record.key === key);
            expect(seen.map((record) => Number(record.text))).toEqual(
              keys.flatMap((each, index) => (each === key ? [index] : [])),
            );
          }
          await stream.close();
          await lambda?.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  test("retries a failed batch before it delivers later records.", async () => {
    let calls = 0;
    const { stream, texts } = await start(() => {
      calls += 1;
      if (calls < 3) throw new Error("not now");
    });
    stream.putRecord("agent-1", "a");
    stream.putRecord("agent-1", "b");
    await stream.drain();
    stream.putRecord("agent-1", "c");
    await stream.drain();
    expect(texts()).toEqual([["a", "b"], ["a", "b"], ["a", "b"], ["c"]]);
  });

  test("retries from the first record that the function names.", async () => {
    let first = true;
    const { stream, texts } = await start(
      (batch) => {
        const answer = first ? failAt(batch, "c", "d") : failAt(batch);
        first = false;
        return answer;
      },
      { reportBatchItemFailures: true },
    );
    for (const text of ["a", "b", "c", "d"]) stream.putRecord("agent-1", text);
    await stream.drain();
    expect(texts()).toEqual([
      ["a", "b", "c", "d"],
      ["c", "d"],
    ]);
  });

  test("finds one bad record by splitting batches, drops only that record and reports its position.", async () => {
    const { stream, failures, batches } = await start(
      (batch) => {
        if (batch.some((record) => record.text === "bad")) throw new Error("unreadable");
      },
      { bisectBatchOnError: true, maximumRetryAttempts: 2 },
    );
    const numbers = new Map(["a", "b", "bad", "c", "d"].map((text) => [text, stream.putRecord("agent-1", text)]));
    await stream.drain();
    const good = batches.filter((batch) => batch.every((record) => record.text !== "bad")).flat();
    expect(good.map((record) => record.text)).toEqual(["a", "b", "c", "d"]);
    expect(failures).toMatchObject([
      {
        requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 },
        KinesisBatchInfo: { startSequenceNumber: numbers.get("bad"), endSequenceNumber: numbers.get("bad"), batchSize: 1 },
      },
    ]);
  });

  test("drops the whole batch when it does not split batches.", async () => {
    const { stream, failures, texts } = await start(
      (batch) => {
        if (batch.some((record) => record.text === "bad")) throw new Error("unreadable");
      },
      { maximumRetryAttempts: 1 },
    );
    for (const text of ["a", "bad", "b"]) stream.putRecord("agent-1", text);
    await stream.drain();
    expect(texts()).toHaveLength(2);
    expect(failures).toMatchObject([{ KinesisBatchInfo: { batchSize: 3 } }]);
  });

  test("drops records that are too old.", async () => {
    let now = 1_000_000;
    const { stream, failures, texts } = await start(
      () => {
        now += 60_000;
        throw new Error("not now");
      },
      { maximumRecordAgeMs: 90_000 },
      { now: () => now },
    );
    stream.putRecord("agent-1", "a");
    await stream.drain();
    expect(texts()).toEqual([["a"], ["a"]]);
    expect(failures).toMatchObject([{ requestContext: { condition: "MaximumRecordAgeExceeded" } }]);
  });

  test.each([["nonsense"], [{ batchItemFailures: [{ itemIdentifier: "" }] }], [{ batchItemFailures: [{}] }]])(
    "reads the answer %j as a failure of the whole batch.",
    async (answer) => {
      const { stream, failures } = await start(() => answer, { reportBatchItemFailures: true, maximumRetryAttempts: 0 });
      stream.putRecord("agent-1", "a");
      await stream.drain();
      expect(failures).toHaveLength(1);
    },
  );

  test.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    "reads the answer %j as success.",
    async (answer) => {
      const { stream, failures, texts } = await start(() => answer, { reportBatchItemFailures: true });
      stream.putRecord("agent-1", "a");
      await stream.drain();
      expect(failures).toEqual([]);
      expect(texts()).toHaveLength(1);
    },
  );

  test("delivers a batch twice when a test orders it.", async () => {
    const { stream, texts } = await start(() => null);
    stream.faults.repeat(1);
    stream.putRecord("agent-1", "a");
    await stream.drain();
    expect(texts()).toEqual([["a"], ["a"]]);
  });

  test("stops between two retries when the stream closes.", async () => {
    const { stream, failures } = await start(
      () => {
        throw new Error("never");
      },
      { retryDelayMs: 900_000 },
    );
    stream.putRecord("agent-1", "a");
    await stream.close();
    expect(failures).toEqual([]);
  });
});

test("A stream refuses records above 1 MiB and records without a key.", async () => {
  const { stream } = await start(() => null);
  expect(() => stream.putRecord("agent-1", "x".repeat(1024 * 1024 + 1))).toThrow(RangeError);
  expect(() => stream.putRecord("", "x")).toThrow(/partition key/);
});
