import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Long enough for a weekend and a Monday, and not longer, because undelivered updates may hold transcript text. */
const KEPT_FOR = Duration.days(4);

/**
 * Makes two queues, because they have different readers. `undelivered` holds updates that the hub refused, for `npm run replay`.
 * `failed` holds the notes of Lambda and EventBridge about events that no function handled.
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
      reason: "This queue is itself a dead-letter queue, and an alarm fires on its first message.",
    });
    return queue;
  }
}
