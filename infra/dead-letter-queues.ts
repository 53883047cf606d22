import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Long enough for a weekend and a Monday; short because undelivered updates may hold transcript text. */
const KEPT_FOR = Duration.days(4);

/**
 * Two queues, because their readers differ: `undelivered` holds whole posts the hub would not take, ready for
 * `npm run replay`; `failed` holds Lambda's and EventBridge's own notes about events that could not be handled.
 */
export class DeadLetterQueues extends Construct {
  readonly undelivered: Queue;
  readonly failed: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.undelivered = this.#queue("Undelivered");
    this.failed = this.#queue("Failed");
  }

  #queue(id: string): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: KEPT_FOR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(queue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "This queue is itself the dead-letter queue; an alarm fires on its first message.",
    });
    return queue;
  }
}
