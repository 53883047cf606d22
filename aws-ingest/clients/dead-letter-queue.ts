import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { type Update, updateSchema } from "../../protocol/updates.ts";

/** Well below 256 KiB, the size of a message that SQS has always taken. The rest is room for the other fields. */
const MAX_MESSAGE_BYTES = 200 * 1024;
/** ReceiveMessage returns at most 10 messages. */
const MAX_RECEIVED = 10;
/** Longer than {@link WAIT_SECONDS}. Two attempts fit into the time that a delivery has left for the queue. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_ATTEMPTS = 2;
/** A request that waits asks all servers of SQS. Without waiting, the answer may be empty although there are messages. */
const WAIT_SECONDS = 1;
/** SQS hides a received message this long, so that two replays do not post it twice. */
const HIDDEN_SECONDS = 120;

/** Older releases wrote the time as `putAsideAt`. Such a message may wait in the queue for four days. */
const messageSchema = v.pipe(
  v.object({
    instanceId: v.string(),
    reason: v.string(),
    deadLetteredAt: v.optional(v.number()),
    putAsideAt: v.optional(v.number()),
    updates: v.pipe(v.array(v.unknown()), v.minLength(1)),
  }),
  v.check(({ deadLetteredAt, putAsideAt }) => (deadLetteredAt ?? putAsideAt) !== undefined),
  v.transform(({ putAsideAt = 0, deadLetteredAt = putAsideAt, ...message }) => ({ ...message, deadLetteredAt })),
);

/** Updates that the hub refused, with everything that a replay needs to post them again. */
export interface DeadLetterMessage {
  instanceId: string;
  /** Why the hub refused the updates, in the hub's words. */
  reason: string;
  /** Epoch milliseconds. */
  deadLetteredAt: number;
  updates: Update[];
}

export interface ReceivedMessage {
  /** null: the message in the queue is no {@link DeadLetterMessage}. */
  message: DeadLetterMessage | null;
  /** How many of its updates this release cannot read. They are not in `message`. */
  unreadable: number;
  messageId: string;
  /** Deletes the message from the queue. */
  deleteMessage(): Promise<void>;
}

/** Every method throws the SDK's error after its own retries. */
export interface DeadLetterQueue {
  /** Sends the updates in as many messages as they need. Returns how many updates were sent: one larger than a message is not. */
  sendMessages(message: DeadLetterMessage): Promise<number>;
  /** Returns up to 10 messages, or none if the queue is empty. */
  receiveMessages(): Promise<ReceivedMessage[]>;
  close(): void;
}

/** Opens the SQS queue for updates that the hub refused. @param requestTimeout milliseconds per attempt */
export function openDeadLetterQueue(queueUrl: string, requestTimeout = REQUEST_TIMEOUT_MS): DeadLetterQueue {
  const client = new SQSClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  return {
    async sendMessages(message) {
      let sent = 0;
      for (const updates of portionsOf(message.updates)) {
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: textOf({ ...message, updates }) }));
        sent += updates.length;
      }
      return sent;
    },
    async receiveMessages() {
      const request = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MAX_RECEIVED,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
      return Messages.map(({ Body = "", MessageId = "", ReceiptHandle }) => {
        return {
          ...readMessage(Body),
          messageId: MessageId,
          deleteMessage: async () => {
            await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
          },
        };
      });
    },
    close: () => client.destroy(),
  };
}

/** Reads a message. One update that this release cannot read, for example of a later one, does not hold up the others. */
function readMessage(body: string): Pick<ReceivedMessage, "message" | "unreadable"> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), messageSchema), body);
  if (!parsed.success) return { message: null, unreadable: 0 };
  const updates = parsed.output.updates.flatMap((update) => {
    const known = v.safeParse(updateSchema, update);
    return known.success ? [known.output] : [];
  });
  return { message: { ...parsed.output, updates }, unreadable: parsed.output.updates.length - updates.length };
}

/** Returns JSON without the characters that SQS replaces and `JSON.stringify` leaves (API reference of SendMessage). */
function textOf(message: DeadLetterMessage): string {
  return JSON.stringify(message).replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Splits updates, in order, into lists that fit into one message each. Leaves out an update that fits into none. */
function portionsOf(updates: readonly Update[]): Update[][] {
  const portions: { updates: Update[]; bytes: number }[] = [];
  for (const update of updates) {
    const bytes = Buffer.byteLength(JSON.stringify(update)) + 1;
    if (bytes > MAX_MESSAGE_BYTES) continue;
    const last = portions.at(-1);
    if (last !== undefined && last.bytes + bytes <= MAX_MESSAGE_BYTES) {
      last.updates.push(update);
      last.bytes += bytes;
    } else portions.push({ updates: [update], bytes });
  }
  return portions.map((portion) => portion.updates);
}
