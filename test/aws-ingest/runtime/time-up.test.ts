import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDeadLetterQueue } from "../../../aws-ingest/clients/dead-letter-queue.ts";
import { handOverTo } from "../../../aws-ingest/clients/lambda.ts";
import { openRecordings } from "../../../aws-ingest/clients/recordings.ts";
import { handler as agentEvents } from "../../../aws-ingest/handlers/agent-events.ts";
import { handler as transcriber } from "../../../aws-ingest/handlers/transcriber.ts";
import { startS3 } from "../../../local/aws/s3.ts";
import { type LocalService, ServiceError, startService } from "../../../local/aws/service.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import { callSound, seeded } from "../../support/call-sound.ts";
import { endCall, INSTANCE, type IngestLab, jobFor, startIngestLab } from "../../support/ingest-lab.ts";
import { aTurn } from "../../support/updates.ts";

let lab: IngestLab;
let sqs: LocalSqs;
let lambda: LocalService;
/** The requests to Lambda, each with the number of posts that the hub had accepted by then. */
const started: { payload: unknown; posts: number }[] = [];
beforeAll(async () => {
  sqs = await startSqs(["dead"]);
  lambda = await startService({
    serve: ({ body }) => {
      started.push({ payload: JSON.parse(Buffer.from(body).toString()), posts: lab.hub.posts.length });
      return { status: 202 };
    },
  });
  lab = await startIngestLab({ DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead"), AWS_ENDPOINT_URL_SQS: sqs.url });
  Object.assign(process.env, { AWS_ENDPOINT_URL_LAMBDA: lambda.url });
});
afterAll(async () => {
  await lab.close();
  await Promise.all([sqs.close(), lambda.close()]);
});
beforeEach(() => {
  started.length = 0;
  lab.hub.clearOrders();
  lambda.faults.clear();
});

/** Returns the context of an invocation that Lambda ends in `ms`. */
function endsIn(ms: number) {
  const at = Date.now() + ms;
  return { functionName: "transcriber", getRemainingTimeInMillis: () => at - Date.now() };
}
const AWAY = Array.from({ length: 200 }, () => ({ status: 503, headers: { "retry-after": "30" } }));

test("A hub that is away does not delay a hand-over, and its updates go to the dead-letter queue in time.", async () => {
  const contactId = randomUUID();
  const sound = callSound(seeded(41), 12);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  // The call goes on until it is handed over. So a busy machine cannot reach its end before.
  Object.assign(process.env, { HANDOVER_AFTER_SECONDS: "1", CATCH_UP_SPEED: "20", IDLE_SECONDS: "600" });
  lab.hub.answerNext(...AWAY);
  const outcome = await transcriber(jobFor(contactId, stream, startedAt), endsIn(26_000));
  endCall(stream, Date.now());
  Object.assign(process.env, { HANDOVER_AFTER_SECONDS: "780", CATCH_UP_SPEED: "400", IDLE_SECONDS: "1" });
  expect(outcome).toMatchObject({ result: "handed-over" });
  expect(started).toMatchObject([{ payload: { contactId, state: { handoverCount: 1 } }, posts: 0 }]);
  expect(outcome.undelivered).toBeGreaterThan(0);
  expect(sqs.bodies("dead").join("")).toContain(contactId);
});

test("A Kinesis batch that the hub does not accept in time is answered with its first failed record.", async () => {
  const event = {
    AgentARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}/agent/agent-1`,
    InstanceARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`,
    EventTimestamp: new Date().toISOString(),
    EventType: "HEART_BEAT",
  };
  const data = Buffer.from(JSON.stringify(event)).toString("base64");
  lab.hub.answerNext(...AWAY);
  const answer = await agentEvents({ Records: [{ kinesis: { data, sequenceNumber: "seq-1" } }] }, endsIn(21_000));
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-1" }] });
});

test("A throttled hand-over is tried again, and a refused one is not.", async () => {
  lambda.faults.refuse(3, new ServiceError(429, "TooManyRequestsException", "Rate exceeded"));
  await handOverTo("transcriber", { handoverCount: 1 });
  expect(started).toHaveLength(1);
  lambda.faults.refuse(1, new ServiceError(403, "AccessDeniedException", "no"));
  await expect(handOverTo("transcriber", { handoverCount: 2 })).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(started).toHaveLength(1);
});

test("A request to a bucket or a queue that never answers ends with a timeout.", async () => {
  const s3 = await startS3({ buckets: ["kept"] });
  const silent = await startSqs(["silent"]);
  s3.faults.stall();
  silent.faults.stall();
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: s3.url, AWS_ENDPOINT_URL_SQS: silent.url });
  const recordings = openRecordings("kept", 200);
  const deadLetterQueue = openDeadLetterQueue(silent.queueUrl("silent"), 200);
  const message = { instanceId: INSTANCE, reason: "503", deadLetteredAt: 1, updates: [aTurn()] };
  try {
    await Promise.all([
      expect(recordings.putObject("a", "b", "text/plain")).rejects.toMatchObject({ name: "TimeoutError" }),
      expect(deadLetterQueue.sendMessages(message)).rejects.toMatchObject({ name: "TimeoutError" }),
    ]);
  } finally {
    Object.assign(process.env, { AWS_ENDPOINT_URL_SQS: sqs.url });
    recordings.close();
    deadLetterQueue.close();
    await Promise.all([s3.close(), silent.close()]);
  }
});
