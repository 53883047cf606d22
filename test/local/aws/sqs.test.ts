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

test("A message is sent, received and deleted.", async () => {
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"contactId":"c-1"}' }));
  const [message] = (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: '{"contactId":"c-1"}' });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? "" }));
  expect(sqs.bodies("failed-calls")).toEqual([]);
});

test("A received message is invisible for its visibility timeout and is received again after it.", async () => {
  sqs.sendMessage("failed-calls", "once");
  const receive = (VisibilityTimeout: number) => client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout }));
  expect((await receive(0)).Messages).toHaveLength(1);
  const [second] = (await receive(30)).Messages ?? [];
  expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
  expect((await receive(30)).Messages ?? []).toEqual([]);
});

test("A long poll waits for a message.", async () => {
  const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  sqs.sendMessage("failed-calls", "late");
  expect((await waiting).Messages).toMatchObject([{ Body: "late" }]);
});

test("SQS refuses unknown queues, empty messages, messages above 1 MiB and a page of eleven.", async () => {
  const send = (MessageBody: string, url = QueueUrl) => client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  await expect(send("x", sqs.queueUrl("other"))).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  await expect(send("")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(send("x".repeat(1024 * 1024 + 1))).rejects.toMatchObject({ name: "InvalidParameterValue" });
  const eleven = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 });
  await expect(client.send(eleven)).rejects.toMatchObject({ name: "InvalidParameterValue" });
});
