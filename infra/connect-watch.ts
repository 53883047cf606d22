import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Checkpoints } from "./checkpoints.ts";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, MAX_EVENT_AGE } from "./node-function.ts";
import type { Instance } from "./settings.ts";

export interface WatchProps {
  instance: Instance;
  functions: FunctionFactory;
  failed: IQueue;
}

/** A run ends this many seconds before the next, because two runs would share Connect's limit of two requests a second. */
const PAUSE_SECONDS = 10;
/** 20,000 signed-in agents take 200 pages at two requests a second, and as many users another 40. */
const LONGEST_RUN_SECONDS = 600;

/** Reads the list of signed-in agents on a schedule, so that a lost event cannot leave the board wrong for long. */
export class Reconcile extends Construct {
  constructor(scope: Construct, id: string, { instance, functions, failed, minutes }: WatchProps & { minutes: number }) {
    super(scope, id);
    const reconcile = functions.hubClientFunction(this, "Reconcile", {
      entry: "reconcile",
      description: "Posts the complete list of signed-in agents, on a schedule",
      timeout: Duration.seconds(Math.min(minutes * 60 - PAUSE_SECONDS, LONGEST_RUN_SECONDS)),
      memory: 512,
    });
    // A failed run is not repeated, because the next scheduled run posts a newer list.
    reconcile.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: new SqsDestination(failed),
    });
    const anything = `${instance.arn}/*`;
    reconcile.allow(
      "ReadAgents",
      [
        "connect:GetCurrentUserData",
        "connect:SearchUsers",
        "connect:DescribeUser",
        "connect:ListAgentStatuses",
        "connect:ListRoutingProfiles",
        "connect:ListQueues",
        "connect:ListUserHierarchyGroups",
      ],
      [instance.arn, anything],
    );
    acknowledgeWildcard(
      reconcile,
      anything,
      "The function reads lists of this one instance, whose users, statuses, queues and routing profiles change.",
    );
    new Rule(this, "Schedule", {
      description: "Vigia: heal the board from Amazon Connect's own list of agents",
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [
        new LambdaFunction(reconcile.lambda, {
          event: RuleTargetInput.fromObject({ scheduled: true }),
          deadLetterQueue: failed,
          maxEventAge: MAX_EVENT_AGE,
          retryAttempts: 0,
        }),
      ],
    });
  }
}

/** The end of a call is out of date after this, because the agent's own events have posted it by then. */
const KEPT_FOR = Duration.minutes(15);
/** The contact events that end a call on the board at once (Administrator Guide, "Amazon Connect contact events", 2026-11). */
const ENDINGS = ["DISCONNECTED", "COMPLETED"];
/**
 * Those that also say who waits. A callback or a transfer is created before it is queued. Amazon Connect creates many other events for
 * each contact, and they would only cost runs of the function.
 */
const QUEUE_EVENTS = [
  { eventType: ["QUEUED", "CONNECTED_TO_AGENT", ...ENDINGS, "PAUSED", "RESUMED"] },
  { eventType: ["INITIATED"], initiationMethod: ["CALLBACK", "QUEUE_TRANSFER", "TRANSFER"] },
];

/** The events of Amazon Connect's own rules (Amazon EventBridge Events Reference, "Amazon Connect events", 2026-11). */
const RULE_EVENTS = ["Contact Lens Realtime Rules Matched", "Metrics Rules Matched"];

export interface ContactEventsProps extends WatchProps {
  /** null when no calls are transcribed, so that nobody waits for a mark. */
  checkpoints: Checkpoints | null;
  /** Whether the board shows queues. */
  queues: boolean;
  /** Whether the rules of Amazon Connect raise alerts. */
  connectRules: boolean;
}

/**
 * Posts the times of contacts in their queues, and their ends, when EventBridge reports them. AWS does not guarantee these events: the
 * agent events and the figures of the queues follow later.
 */
export class ContactEvents extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { instance, functions, failed, checkpoints, queues, connectRules }: ContactEventsProps,
  ) {
    super(scope, id);
    const ended = functions.hubClientFunction(this, "ContactEvents", {
      entry: "contact-events",
      description: "Posts who waits in a queue and which contact has ended, and marks the end for its transcriber",
      timeout: Duration.seconds(30),
      memory: 512,
      environment: { CHECKPOINTS_BUCKET: checkpoints?.bucket.bucketName ?? "", POST_QUEUES: String(queues) },
    });
    checkpoints?.allowMarking(ended);
    ended.lambda.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: KEPT_FOR, onFailure: new SqsDestination(failed) });
    const target = () => new LambdaFunction(ended.lambda, { deadLetterQueue: failed, maxEventAge: KEPT_FOR, retryAttempts: 3 });
    new Rule(this, "Rule", {
      description: "Vigia: contacts of this instance that wait, are answered or end",
      eventPattern: {
        source: ["aws.connect"],
        detailType: ["Amazon Connect Contact Event"],
        detail: { instanceArn: [instance.arn], ...(queues ? { $or: QUEUE_EVENTS } : { eventType: ENDINGS }) },
      },
      targets: [target()],
    });
    if (!connectRules) return;
    new Rule(this, "ConnectRules", {
      description: "Vigia: rules of this instance that matched",
      eventPattern: { source: ["aws.connect"], detailType: RULE_EVENTS, detail: { instanceArn: [instance.arn] } },
      targets: [target()],
    });
  }
}
