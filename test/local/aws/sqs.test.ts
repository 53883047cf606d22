import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";

let sqs: LocalSqs;
let client: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  sqs = await startSqs(["failed-calls"]);
  QueueUrl = sqs.queueUrl("failed-calls");
  client = new SQSClient({
    region: "us-east-1",
    endpoint: sqs.url,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
});
afterEach(async () => {
  client.destroy();
  await sqs.close();
});

test("a message is sent, received, and gone once deleted", async () => {
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"contactId":"c-1"}' }));
  const [message] = (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: '{"contactId":"c-1"}' });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? "" }));
  expect(sqs.messageBodies("failed-calls")).toEqual([]);
});

test("a received message is hidden until its visibility timeout, then comes again", async () => {
  sqs.sendMessage("failed-calls", "once");
  const take = (VisibilityTimeout: number) => client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout }));
  expect((await take(0)).Messages).toHaveLength(1);
  const [again] = (await take(30)).Messages ?? [];
  expect(again?.Attributes?.ApproximateReceiveCount).toBe("2");
  expect((await take(30)).Messages ?? []).toEqual([]);
});

test("a long poll waits for a message", async () => {
  const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  sqs.sendMessage("failed-calls", "late");
  expect((await waiting).Messages).toMatchObject([{ Body: "late" }]);
});

test("unknown queues, empty and huge messages and bad numbers are refused", async () => {
  const send = (MessageBody: string, url = QueueUrl) => client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  await expect(send("x", sqs.queueUrl("other"))).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  await expect(send("")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(send("x".repeat(1024 * 1024 + 1))).rejects.toMatchObject({ name: "InvalidParameterValue" });
  const eleven = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 });
  await expect(client.send(eleven)).rejects.toMatchObject({ name: "InvalidParameterValue" });
});
