import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/** ReceiveMessage returns at most 10 messages. */
const MAX_RECEIVED = 10;
/** A message that is not for the watchdog is visible again soon, so that the alarm and the operator see it. */
const HIDDEN_SECONDS = 10;
/** A request that waits asks all servers of SQS. */
const WAIT_SECONDS = 1;
const REQUEST_TIMEOUT_MS = 5000;
const MAX_ATTEMPTS = 2;

export interface FailedEvent {
  messageId: string;
  /** The note of Lambda or EventBridge, as text. */
  body: string;
  deleteMessage(): Promise<void>;
}

/** Every method throws the SDK's error after its own retries. */
export interface FailedQueue {
  /** Returns up to 10 messages, or none if the queue is empty. */
  receiveEvents(): Promise<FailedEvent[]>;
  close(): void;
}

/** Opens the queue in which Lambda and EventBridge note the events that no function handled. */
export function openFailedQueue(queueUrl: string): FailedQueue {
  const client = new SQSClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  return {
    async receiveEvents() {
      const request = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MAX_RECEIVED,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
      return Messages.map(({ Body = "", MessageId = "", ReceiptHandle }) => ({
        messageId: MessageId,
        body: Body,
        deleteMessage: async () => {
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        },
      }));
    },
    close: () => client.destroy(),
  };
}
