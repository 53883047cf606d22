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

  test("posts what a rule of Amazon Connect says.", async () => {
    const { instanceArn } = EVENT.detail;
    const detail = { ruleName: "QUEUE_WAIT_TOO_LONG", instanceArn, queueArn: `${instanceArn}/queue/q1` };
    expect(await handler({ "detail-type": "Metrics Rules Matched", time: EVENT.time, detail })).toEqual({ posted: 1 });
    expect(lab.hub.updates().at(-1)).toMatchObject({ type: "alert.raised", ruleName: "QUEUE_WAIT_TOO_LONG", queueId: "q1" });
  });

  test("asks the hub for nothing when an event says nothing about a queue or an end.", async () => {
    const attempts = lab.hub.attempts.length;
    expect(await handler({ ...EVENT, detail: { ...EVENT.detail, eventType: "CONTACT_DATA_UPDATED" } })).toEqual({ posted: 0 });
    expect(lab.hub.attempts).toHaveLength(attempts);
  });

  test("posts the end of a queued contact and its times in the queue in one post.", async () => {
    const attempts = lab.hub.attempts.length;
    const queueInfo = { queueArn: `${EVENT.detail.instanceArn}/queue/q1`, enqueueTimestamp: "2024-04-29T04:10:00.000Z" };
    expect(await handler({ ...EVENT, detail: { ...EVENT.detail, channel: "VOICE", queueInfo } })).toEqual({ posted: 2 });
    expect(lab.hub.attempts).toHaveLength(attempts + 1);
    expect(lab.hub.updates().slice(-2)).toMatchObject([
      { type: "contact.queue", contactId: "second-contact", queueId: "q1", endedAt: Date.parse("2024-04-29T04:15:32.500Z") },
      { type: "contact.ended", contactId: "second-contact", occurredAt: Date.parse("2024-04-29T04:15:32.500Z") },
    ]);
  });

  test("posts a contact that enters its queue.", async () => {
    const queueInfo = { queueArn: `${EVENT.detail.instanceArn}/queue/q1`, enqueueTimestamp: "2024-04-29T04:10:00.000Z" };
    const { disconnectTimestamp: _, ...waiting } = EVENT.detail;
    const event = { ...EVENT, detail: { ...waiting, eventType: "QUEUED", channel: "CHAT", queueInfo } };
    expect(await handler(event)).toEqual({ posted: 1 });
    expect(lab.hub.updates().at(-1)).toMatchObject({ type: "contact.queue", channel: "chat", queueId: "q1", endedAt: null });
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
