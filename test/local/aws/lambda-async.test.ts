import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";
import { type FailureRecord, type LambdaContext, type LocalFunction, RuntimeExit } from "../../../local/aws/lambda-function.ts";
import { ScaledClock } from "../../../local/aws/scaled-clock.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let lambda: LocalLambda | null = null;
let startedAt = 0;
/** Milliseconds after the start at which each attempt began. */
let attempts: number[] = [];
let records: { at: number; record: FailureRecord }[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  startedAt = performance.now();
  attempts = [];
  records = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await lambda?.close();
  lambda = null;
});

const sinceStart = () => Math.round(performance.now() - startedAt);

/** Starts one function whose attempts and failures are noted. `work` does what each attempt does. */
async function start(
  settings: Partial<LocalFunction>,
  work: (context: LambdaContext) => unknown,
  speed = 1,
): Promise<LocalLambda> {
  const handler = (_: unknown, context: LambdaContext) => {
    attempts.push(sinceStart());
    return work(context);
  };
  const onFailure = (record: FailureRecord) => void records.push({ at: sinceStart(), record });
  lambda = await startLambda({ functions: { job: { handler, onFailure, timeoutMs: 15 * MINUTE, ...settings } }, speed });
  return lambda;
}
const killed = (): never => {
  throw new RuntimeExit("signal: killed");
};
/** An attempt that takes so long, and fails then. */
const failingAfter = (ms: number) => () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("An asynchronous event whose function fails", () => {
  test("It is tried again after one minute and then after two, under one request id, and then given up.", async () => {
    const ids: string[] = [];
    const local = await start({}, (context) => {
      ids.push(context.awsRequestId);
      killed();
    });
    local.invokeLater("job", { contactId: "c-1" });
    await pass(HOUR);
    expect(attempts).toEqual([0, MINUTE, 3 * MINUTE]);
    expect(new Set(ids).size).toBe(1);
    expect(records).toMatchObject([
      {
        at: 3 * MINUTE,
        record: {
          version: "1.0",
          requestContext: { requestId: ids[0], condition: "RetriesExhausted", approximateInvokeCount: 3 },
          requestPayload: { contactId: "c-1" },
          responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
          responsePayload: {
            errorType: "Runtime.ExitError",
            errorMessage: `RequestId: ${ids[0]} Error: Runtime exited with error: signal: killed`,
          },
        },
      },
    ]);
  });

  test("Its waits are divided by the speed.", async () => {
    const local = await start({}, killed, 20);
    local.invokeLater("job", {});
    await pass(HOUR);
    expect(attempts).toEqual([0, 3 * SECOND, 9 * SECOND]);
  });

  test("Its age goes on counting while it runs and between attempts, so a crash after 25 s is not retried within 60 s.", async () => {
    const local = await start({ maximumEventAgeSeconds: 60 }, failingAfter(25 * SECOND));
    local.invokeLater("job", { contactId: "c-1" });
    await pass(HOUR);
    expect(attempts).toEqual([0]);
    expect(records).toMatchObject([
      {
        at: MINUTE,
        record: {
          requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
          requestPayload: { contactId: "c-1" },
          responsePayload: { errorMessage: "late" },
        },
      },
    ]);
  });

  test("Three runs of 15 minutes fit into an age of one hour.", async () => {
    const local = await start({ maximumEventAgeSeconds: 3600 }, failingAfter(15 * MINUTE - 1));
    local.invokeLater("job", {});
    await pass(2 * HOUR);
    expect(attempts).toHaveLength(3);
    expect(records).toMatchObject([{ record: { requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 } } }]);
  });

  test("A synchronous caller gets the error, and nothing is retried.", async () => {
    const local = await start({}, killed);
    expect(await local.invoke("job", {})).toMatchObject({ status: "failed", error: { errorType: "Runtime.ExitError" } });
    await pass(HOUR);
    expect([attempts.length, records]).toEqual([1, []]);
  });

  test("Nothing waits any longer once the waits are skipped.", async () => {
    const local = await start({}, killed);
    local.invokeLater("job", {});
    await pass(10 * SECOND);
    expect(attempts).toHaveLength(1);
    local.skipWaits();
    await pass(SECOND);
    expect([attempts.length, records.length]).toEqual([3, 1]);
  });
});

describe("A function with reserved concurrency", () => {
  test("An event that finds no place waits 1 s, 2 s, 4 s and so on, and none of that is an attempt.", async () => {
    let finish = (): void => {};
    const local = await start({ reservedConcurrency: 1 }, () => new Promise<void>((resolve) => (finish = resolve)));
    local.invokeLater("job", "first");
    local.invokeLater("job", "second");
    await pass(6 * SECOND);
    finish();
    await pass(SECOND - 1);
    expect(attempts).toEqual([0]);
    await pass(1);
    expect(attempts).toEqual([0, 7 * SECOND]);
    finish();
    await pass(0);
    expect(local.invocations().map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "returned"],
      [1, "returned"],
    ]);
  });

  test("A throttled event may wait five minutes although a place is free, and ends by its age only.", async () => {
    let finish = (): void => {};
    const settings = { reservedConcurrency: 1, maximumEventAgeSeconds: 21_600, timeoutMs: 20 * HOUR };
    const local = await start(settings, () => new Promise<void>((resolve) => (finish = resolve)));
    local.invokeLater("job", "first");
    local.invokeLater("job", "second");
    // 1 + 2 + … + 256 s, and from then on every 300 s.
    await pass(511 * SECOND + 1);
    finish();
    await pass(299 * SECOND);
    expect(attempts).toHaveLength(1);
    await pass(SECOND);
    expect(attempts).toHaveLength(2);
    local.invokeLater("job", "third");
    await pass(6 * HOUR - 1);
    expect(records).toEqual([]);
    await pass(1);
    expect(records).toMatchObject([
      { record: { requestPayload: "third", requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 0 } } },
    ]);
    expect(records[0]?.record).not.toHaveProperty("responseContext");
    finish();
  });

  test("A place is free again after a failure and after a timeout.", async () => {
    const local = await start(
      { reservedConcurrency: 1, timeoutMs: SECOND, maximumRetryAttempts: 1 },
      () => new Promise(() => {}),
    );
    local.invokeLater("job", {});
    await pass(2 * MINUTE);
    expect(attempts).toEqual([0, MINUTE + SECOND]);
  });

  test("With a reserved concurrency of 0 every event goes to the destination at once.", async () => {
    const local = await start({ reservedConcurrency: 0 }, () => null);
    local.invokeLater("job", "stopped");
    await pass(0);
    expect([attempts, records]).toMatchObject([[], [{ record: { requestPayload: "stopped" } }]]);
  });
});

test("The SDK's client gets 429 with the reason when no place is free, and 202 for an asynchronous event.", async () => {
  vi.useRealTimers();
  let finish = (): void => {};
  const local = await start({ reservedConcurrency: 1 }, () => new Promise<void>((resolve) => (finish = resolve)));
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };
  const client = new LambdaClient({ region: "us-east-1", endpoint: local.url, maxAttempts: 1, credentials });
  const first = local.invoke("job", {});
  await expect(client.send(new InvokeCommand({ FunctionName: "job", Payload: "{}" }))).rejects.toMatchObject({
    name: "TooManyRequestsException",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });
  const accepted = await client.send(new InvokeCommand({ FunctionName: "job", InvocationType: "Event", Payload: "{}" }));
  expect(accepted.StatusCode).toBe(202);
  finish();
  await first;
  client.destroy();
});

test("A clock that changes its speed keeps the time that has passed.", async () => {
  const clock = new ScaledClock(2);
  const signal = new AbortController().signal;
  let woken = 0;
  void clock.sleep(100, signal).then(() => (woken = clock.now()));
  await pass(30);
  clock.setSpeed(4);
  expect(clock.now()).toBe(60);
  await pass(9);
  expect(woken).toBe(0);
  await pass(1);
  expect(woken).toBe(100);
});
