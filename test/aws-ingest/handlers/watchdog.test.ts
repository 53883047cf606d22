import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { type CallObjects, openCallObjects } from "../../../aws-ingest/clients/checkpoints.ts";
import { openPlaces } from "../../../aws-ingest/clients/places.ts";
import { handler } from "../../../aws-ingest/handlers/watchdog.ts";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { JOB } from "../../support/scripted-call.ts";

const BUCKET = "checkpoints";
const startedSchema = v.looseObject({ contactId: v.string() });
type Started = v.InferOutput<typeof startedSchema>;

let s3: LocalS3;
let sqs: LocalSqs;
let lambda: LocalLambda;
let objects: CallObjects;
const started: Started[] = [];
/** The calls that the function for running calls got. */
const continued: Started[] = [];
beforeAll(async () => {
  s3 = await startS3({ buckets: [BUCKET] });
  sqs = await startSqs(["failed"]);
  lambda = await startLambda({
    functions: {
      transcriber: { handler: (job) => void started.push(v.parse(startedSchema, job)) },
      continuer: { handler: (job) => void continued.push(v.parse(startedSchema, job)) },
    },
  });
  Object.assign(process.env, {
    INSTANCE_ID: INSTANCE,
    CHECKPOINTS_BUCKET: BUCKET,
    TRANSCRIBER_FUNCTION: "transcriber",
    FAILED_QUEUE_URL: sqs.queueUrl("failed"),
    // The objects of a test are some milliseconds old.
    OVERDUE_SECONDS: "0",
    LOG_LEVEL: "SILENT",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
  objects = openCallObjects(BUCKET, INSTANCE);
});
afterAll(async () => {
  objects.close();
  await Promise.all([s3.close(), sqs.close(), lambda.close()]);
});
afterEach(() => {
  started.length = 0;
  continued.length = 0;
  for (const name of ["CONTINUE_FUNCTION", "MAX_CALLS"]) delete process.env[name];
  for (const { key } of s3.objects()) s3.deleteObject(BUCKET, key);
  process.env["OVERDUE_SECONDS"] = "0";
});

async function store(contactId: string, fields: object = {}): Promise<void> {
  const job = { ...JOB, contactId, startTimestamp: Date.now() - 60_000 };
  const head = { version: 1, number: 3, requestId: "r", run: "run", phase: "running", fruitlessStarts: 0, begunAt: 0 };
  await objects.writeCheckpoint(contactId, JSON.stringify({ ...head, job, state: INITIAL_STATE, ...fields }), null);
}

/** Puts Lambda's note of an event into the failed queue. */
function fail(requestPayload: unknown, name = "transcriber"): void {
  const functionArn = `arn:aws:lambda:us-east-1:111122223333:function:${name}:$LATEST`;
  const requestContext = { requestId: randomUUID(), functionArn, condition: "RetriesExhausted", approximateInvokeCount: 3 };
  sqs.sendMessage("failed", JSON.stringify({ version: "1.0", requestContext, requestPayload }));
}

async function run(): Promise<string[]> {
  await handler({ scheduled: true });
  await lambda.drain();
  return started.map(({ contactId }) => contactId);
}

test("The watchdog starts a call again whose checkpoint nobody renews, and counts it.", async () => {
  const contactId = randomUUID();
  await store(contactId);
  expect(await emittedMetrics(() => handler({ scheduled: true }))).toEqual({ CallsStartedAgain: 1 });
  await lambda.drain();
  expect(started).toEqual([expect.objectContaining({ contactId, state: null, streamArn: JOB.streamArn })]);
});

test("The watchdog starts a call again whose hand-over was lost.", async () => {
  const contactId = randomUUID();
  await store(contactId, { phase: "handed-over" });
  expect(await run()).toEqual([contactId]);
});

test("The watchdog does not start a call twice while its first start waits in Lambda's queue.", async () => {
  const contactId = randomUUID();
  await store(contactId);
  expect(await run()).toEqual([contactId]);
  expect(await run()).toEqual([contactId]);
});

test.each([
  ["is over", { phase: "done" }],
  ["died six times at one place", { fruitlessStarts: 6 }],
  ["cannot be read", { version: 99 }],
])("The watchdog leaves a call that %s.", async (_what, fields) => {
  await store(randomUUID(), fields);
  expect(await run()).toEqual([]);
});

test("The watchdog leaves a call whose checkpoint is fresh.", async () => {
  process.env["OVERDUE_SECONDS"] = "60";
  await store(randomUUID());
  expect(await run()).toEqual([]);
});

test("The watchdog finds the lost call among more calls than one page of the list has.", async () => {
  for (let call = 0; call < 1001; call += 1) {
    const body = `{"version":1,"phase":"done","call":${call}}`;
    await objects.writeCheckpoint(`${call}`, body, null);
  }
  const contactId = `z-${randomUUID()}`;
  await store(contactId);
  expect(await run()).toEqual([contactId]);
});

test("The watchdog starts a call from Lambda's note when it left no checkpoint, and takes the note out of the queue.", async () => {
  const contactId = randomUUID();
  fail({ ...JOB, contactId, startTimestamp: Date.now() });
  expect(await run()).toEqual([contactId]);
  expect(started[0]).toMatchObject({ restarts: 1 });
  expect(sqs.bodies("failed")).toEqual([]);
});

test("The watchdog takes the note of a call out of the queue when its checkpoint says that it is over.", async () => {
  const contactId = randomUUID();
  const job = { ...JOB, contactId, startTimestamp: Date.now() - 60_000 };
  await store(contactId, { phase: "done", job });
  fail(job);
  expect(await run()).toEqual([]);
  expect(sqs.bodies("failed")).toEqual([]);
});

test.each(["done", "running"])(
  "A note of streaming that was started again starts the call again, also when its checkpoint is %s.",
  async (phase) => {
    process.env["OVERDUE_SECONDS"] = "60";
    const contactId = randomUUID();
    const startTimestamp = Date.now();
    await store(contactId, { phase });
    fail({ ...JOB, contactId, startTimestamp });
    expect(await run()).toEqual([contactId]);
    expect(started[0]).toMatchObject({ startTimestamp, restarts: 1 });
    expect(sqs.bodies("failed")).toEqual([]);
  },
);

test("A note of a hand-over that knows more than the checkpoint goes on from the hand-over.", async () => {
  process.env["OVERDUE_SECONDS"] = "60";
  const contactId = randomUUID();
  const job = { ...JOB, contactId, startTimestamp: Date.now() - 60_000 };
  await store(contactId, { job });
  fail({ ...job, state: { ...INITIAL_STATE, handoverCount: 1 } });
  expect(await run()).toEqual([contactId]);
  expect(started[0]).toMatchObject({ state: { handoverCount: 1 } });
});

test("The watchdog leaves notes to the operator: of other functions, of hopeless calls, and of calls whose sound is gone.", async () => {
  const hopeless = randomUUID();
  const job = { ...JOB, contactId: hopeless, startTimestamp: Date.now() - 60_000 };
  await store(hopeless, { fruitlessStarts: 6, job });
  fail({ agents: [] }, "reconcile");
  fail(job);
  fail({ ...JOB, contactId: randomUUID(), startTimestamp: Date.now(), restarts: 5 });
  fail({ ...JOB, contactId: randomUUID(), startTimestamp: Date.now() - 25 * 3_600_000 });
  sqs.sendMessage("failed", "no JSON at all");
  expect(await run()).toEqual([]);
  expect(sqs.bodies("failed")).toHaveLength(5);
});

test("The watchdog starts running calls at the function that has room for them, and new ones at the other.", async () => {
  process.env["CONTINUE_FUNCTION"] = "continuer";
  const [overdue, handedOver, fresh] = [randomUUID(), randomUUID(), randomUUID()];
  await store(overdue);
  fail({ ...JOB, contactId: handedOver, startTimestamp: Date.now(), state: INITIAL_STATE }, "continuer");
  fail({ ...JOB, contactId: fresh, startTimestamp: Date.now() });
  expect(await run()).toEqual([fresh]);
  expect(continued.map(({ contactId }) => contactId).sort()).toEqual([overdue, handedOver].sort());
  expect(sqs.bodies("failed").filter((body) => body.includes(handedOver) || body.includes(fresh))).toEqual([]);
});

test("The watchdog frees the place of a call that is over, so that a new call gets it.", async () => {
  const places = openPlaces(BUCKET, INSTANCE);
  const contactId = randomUUID();
  await store(contactId, { phase: "done" });
  await places.writePlace(0, contactId, null);
  // A place whose call does not name it is free once it is a minute old.
  for (const object of s3.objects()) Object.assign(object, { modifiedAt: Date.now() - 120_000 });
  process.env["MAX_CALLS"] = "1";
  await run();
  expect((await places.listPlaces()).map(({ taken }) => taken)).toEqual([false]);
  places.close();
});

test("A note whose call cannot be started keeps no other call waiting, and stays in the queue.", async () => {
  process.env["CONTINUE_FUNCTION"] = "no-such-function";
  const [refused, fresh] = [randomUUID(), randomUUID()];
  fail({ ...JOB, contactId: refused, startTimestamp: Date.now(), state: INITIAL_STATE });
  fail({ ...JOB, contactId: fresh, startTimestamp: Date.now() });
  expect(await run()).toEqual([fresh]);
  expect(sqs.bodies("failed").filter((body) => body.includes(refused))).toHaveLength(1);
  expect(sqs.bodies("failed").filter((body) => body.includes(fresh))).toEqual([]);
});
