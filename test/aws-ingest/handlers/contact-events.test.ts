import { afterEach, describe, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/contact-events.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

let sqs: LocalSqs;
const lab = readerLab(async () => {
  sqs = await startSqs(["dead"]);
  const env = { AWS_ENDPOINT_URL_SQS: sqs.url, DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead") };
  return { env, close: () => sqs.close() };
});
afterEach(() => lab.hub.clearOrders());

const EVENT = {
  "detail-type": "Amazon Connect Contact Event",
  time: "2024-04-29T04:15:33Z",
  detail: {
    eventType: "DISCONNECTED",
    contactId: "second-contact",
    initialContactId: "first-contact",
    instanceArn: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`,
    disconnectTimestamp: "2024-04-29T04:15:32.500Z",
  },
};

describe("The function for contact events", () => {
  test("counts the end that it posts.", async () => {
    expect(await emittedMetrics(() => handler(EVENT))).toEqual({ PostsAccepted: 1 });
    expect(lab.hub.updates()).toHaveLength(1);
  });

  test("counts an event that it cannot read, and posts nothing.", async () => {
    expect(await emittedMetrics(() => handler("hello"))).toEqual({ RecordsRefused: 1 });
    expect(lab.hub.updates()).toEqual([]);
  });

  test("asks the hub for nothing when an event ends no contact.", async () => {
    const attempts = lab.hub.attempts.length;
    expect(await handler({ ...EVENT, detail: { ...EVENT.detail, eventType: "QUEUED" } })).toEqual({ posted: 0 });
    expect(lab.hub.attempts).toHaveLength(attempts);
  });

  test("throws when the hub may accept the event later, so that EventBridge repeats it, and counts the refusal.", async () => {
    lab.hub.answerNext({ status: 401 }, { status: 401 });
    const metrics = await emittedMetrics(() => expect(handler(EVENT)).rejects.toThrow("EventBridge repeats it."));
    expect(metrics).toEqual({ PostsRefused: 1 });
    expect(sqs.bodies("dead")).toEqual([]);
  });

  test("throws soon when the hub is away, before Lambda ends the invocation.", async () => {
    lab.hub.answerNext({ status: 503, headers: { "retry-after": "30" } });
    const context = { functionName: "contact-events", getRemainingTimeInMillis: () => 20_000 };
    await expect(handler(EVENT, context)).rejects.toThrow("EventBridge repeats it.");
  });

  test("leaves an event that the hub refuses for good to the dead-letter queue.", async () => {
    lab.hub.answerNext({ status: 413 });
    expect(await handler(EVENT)).toEqual({ posted: 0 });
    expect(sqs.bodies("dead").map((body) => JSON.parse(body))).toMatchObject([{ updates: [{ contactId: "second-contact" }] }]);
  });
});
