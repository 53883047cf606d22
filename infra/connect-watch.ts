import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Instance } from "./context.ts";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, MAX_EVENT_AGE } from "./node-function.ts";

export interface WatchProps {
  instance: Instance;
  functions: FunctionFactory;
  failed: IQueue;
}

/** Seconds of the schedule's period that stay free, so that two runs never share Amazon Connect's two calls a second. */
const PAUSE_SECONDS = 10;
/** 500 agents at two calls a second are done in well under this. */
const LONGEST_RUN_SECONDS = 300;

/** Asks Amazon Connect who is signed in, on a schedule, so that a lost event cannot leave the board wrong for long. */
export class Reconcile extends Construct {
  constructor(scope: Construct, id: string, { instance, functions, failed, minutes }: WatchProps & { minutes: number }) {
    super(scope, id);
    const reconcile = functions.hubClientFunction(this, "Reconcile", {
      entry: "reconcile",
      description: "Posts the complete list of signed-in agents, on a schedule",
      timeout: Duration.seconds(Math.min(minutes * 60 - PAUSE_SECONDS, LONGEST_RUN_SECONDS)),
      memory: 512,
    });
    // EventBridge hands over asynchronously: a run that fails is Lambda's to repeat, and the next one says the same, newer.
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
      "Reads of this one instance: its users, statuses, queues and routing profiles come and go.",
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

/** How long the end of a call is worth telling; by then the agent's own events have said it. */
const KEPT_FOR = Duration.minutes(15);
/** The contact events that end a call on the board at once (Administrator Guide, "Amazon Connect contact events"). */
const ENDINGS = ["DISCONNECTED", "COMPLETED"];

/** Hears from EventBridge that a contact has ended. Best effort on AWS's side: the agent events say the same, later. */
export class ContactEvents extends Construct {
  constructor(scope: Construct, id: string, { instance, functions, failed }: WatchProps) {
    super(scope, id);
    const ended = functions.hubClientFunction(this, "ContactEvents", {
      entry: "contact-events",
      description: "Posts that a contact has ended",
      timeout: Duration.seconds(30),
      memory: 512,
    });
    ended.lambda.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: KEPT_FOR, onFailure: new SqsDestination(failed) });
    new Rule(this, "Rule", {
      description: "Vigia: contacts of this instance that end",
      eventPattern: {
        source: ["aws.connect"],
        detailType: ["Amazon Connect Contact Event"],
        detail: { instanceArn: [instance.arn], eventType: ENDINGS },
      },
      targets: [new LambdaFunction(ended.lambda, { deadLetterQueue: failed, maxEventAge: KEPT_FOR, retryAttempts: 3 })],
    });
  }
}
