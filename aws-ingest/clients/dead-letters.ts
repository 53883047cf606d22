import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { type Update, updateSchema } from "../../protocol/updates.ts";

/** Well below the 256 KB a message of SQS has always carried. */
const MAX_MESSAGE_BYTES = 200 * 1024;
const MAX_RECEIVED = 10;
/** Longer than {@link WAIT_SECONDS}; two attempts fit into what an invocation leaves for them. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_ATTEMPTS = 2;
/** Only a request that waits asks all of SQS's servers: without, an answer may be empty although there are messages. */
const WAIT_SECONDS = 1;
/** While a message is being replayed nobody else gets it. */
const HIDDEN_SECONDS = 120;

const letterSchema = v.object({
  instanceId: v.string(),
  reason: v.string(),
  putAsideAt: v.number(),
  updates: v.pipe(v.array(updateSchema), v.minLength(1)),
});
/** Updates the hub would not take, with enough to post them again. */
export type DeadLetter = v.InferOutput<typeof letterSchema>;

export interface ReceivedLetter {
  /** null: the message is no dead letter of ours. */
  letter: DeadLetter | null;
  messageId: string;
  /** Takes it off the queue for good. */
  remove(): Promise<void>;
}

export interface DeadLetters {
  /** Returns how many updates were put aside; one too large for a message is not. */
  put(letter: DeadLetter): Promise<number>;
  receive(): Promise<ReceivedLetter[]>;
  close(): void;
}

export function openDeadLetters(queueUrl: string, requestTimeout = REQUEST_TIMEOUT_MS): DeadLetters {
  const client = new SQSClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  return {
    async put(letter) {
      let put = 0;
      for (const updates of portionsOf(letter.updates)) {
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ ...letter, updates }) }));
        put += updates.length;
      }
      return put;
    },
    async receive() {
      const request = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MAX_RECEIVED,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
      return Messages.map(({ Body = "", MessageId = "", ReceiptHandle }) => {
        const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), letterSchema), Body);
        return {
          letter: parsed.success ? parsed.output : null,
          messageId: MessageId,
          remove: async () => {
            await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
          },
        };
      });
    },
    close: () => client.destroy(),
  };
}

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
