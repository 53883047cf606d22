import { createHash, randomUUID } from "node:crypto";
import * as v from "valibot";
import { readInput, startJsonService } from "./json-service.ts";
import { type LocalService, ServiceError } from "./service.ts";

/** Amazon SQS on loopback, with standard queues that exist from the start. */
export interface LocalSqs extends LocalService {
  /** Returns the QueueUrl for the SDK. */
  queueUrl(name: string): string;
  /** Sends a message without HTTP, as an on-failure destination does. */
  sendMessage(name: string, body: string): void;
  /** Returns the bodies of all messages that were not deleted. */
  bodies(name: string): string[];
}

interface Message {
  id: string;
  body: string;
  attributes: unknown;
  sentAt: number;
  visibleAt: number;
  receives: number;
  receipt: string | null;
}

/** A queue's default visibility timeout. */
const VISIBILITY_SECONDS = 30;
/** 1 MiB (developer guide, "Message quotas"). The stand-in does not count attributes. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** SQS stores U+FFFD for every other character (API reference of SendMessage, read 2026-11-26). */
const REFUSED_CHARACTERS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
/** The interval at which a long poll looks for messages. */
const POLL_MS = 25;

const url = v.pipe(v.string(), v.nonEmpty());
const sendSchema = v.object({
  QueueUrl: url,
  MessageBody: v.pipe(v.string(), v.nonEmpty()),
  DelaySeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(900)), 0),
  MessageAttributes: v.optional(v.record(v.string(), v.unknown())),
});
const receiveSchema = v.object({
  QueueUrl: url,
  MaxNumberOfMessages: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 1),
  VisibilityTimeout: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(43_200)), VISIBILITY_SECONDS),
  WaitTimeSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(20)), 0),
});
const deleteSchema = v.object({ QueueUrl: url, ReceiptHandle: v.pipe(v.string(), v.nonEmpty()) });

export async function startSqs(queues: readonly string[]): Promise<LocalSqs> {
  const store = new Map(queues.map((name): [string, Message[]] => [name, []]));
  let open = true;

  const find = (queueUrl: string): Message[] => {
    const messages = store.get(queueUrl.split("/").at(-1) ?? "");
    if (messages !== undefined) return messages;
    throw new ServiceError(400, "com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
  };
  const add = (messages: Message[], body: string, delayMs: number, attributes: unknown): Message => {
    const now = Date.now();
    const message = { id: randomUUID(), body, attributes, sentAt: now, visibleAt: now + delayMs, receives: 0, receipt: null };
    messages.push(message);
    return message;
  };

  const sendMessage = (input: unknown): object => {
    const { QueueUrl, MessageBody, DelaySeconds, MessageAttributes } = readInput(sendSchema, input, "InvalidParameterValue");
    if (Buffer.byteLength(MessageBody) > MAX_MESSAGE_BYTES) {
      const message = `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_MESSAGE_BYTES} bytes.`;
      throw new ServiceError(400, "InvalidParameterValue", message);
    }
    const body = MessageBody.replace(REFUSED_CHARACTERS, "\ufffd");
    const { id } = add(find(QueueUrl), body, DelaySeconds * 1000, MessageAttributes);
    return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
  };

  const receiveMessage = async (input: unknown): Promise<object> => {
    const request = readInput(receiveSchema, input, "InvalidParameterValue");
    const messages = find(request.QueueUrl);
    const until = Date.now() + request.WaitTimeSeconds * 1000;
    const visible = (): Message[] => messages.filter((message) => message.visibleAt <= Date.now());
    while (open && visible().length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const taken = visible().slice(0, request.MaxNumberOfMessages);
    for (const message of taken) {
      message.receives += 1;
      message.receipt = randomUUID();
      message.visibleAt = Date.now() + request.VisibilityTimeout * 1000;
    }
    return { Messages: taken.map(delivered) };
  };

  const deleteMessage = (input: unknown): object => {
    const { QueueUrl, ReceiptHandle } = readInput(deleteSchema, input, "InvalidParameterValue");
    const messages = find(QueueUrl);
    const index = messages.findIndex((message) => message.receipt === ReceiptHandle);
    if (index >= 0) messages.splice(index, 1);
    return {};
  };

  const service = await startJsonService({
    SendMessage: sendMessage,
    ReceiveMessage: receiveMessage,
    DeleteMessage: deleteMessage,
  });
  return {
    ...service,
    queueUrl: (name) => `${service.url}/111122223333/${name}`,
    sendMessage: (name, body) => void add(find(name), body, 0, undefined),
    bodies: (name) => find(name).map((message) => message.body),
    close: () => {
      open = false;
      return service.close();
    },
  };
}

function delivered(message: Message): object {
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: { SentTimestamp: String(message.sentAt), ApproximateReceiveCount: String(message.receives) },
    ...(message.attributes === undefined ? {} : { MessageAttributes: message.attributes }),
  };
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
