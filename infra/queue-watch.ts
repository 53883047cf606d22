import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Construct } from "constructs";
import type { WatchProps } from "./connect-watch.ts";
import { targetsAsText } from "./environment-size.ts";
import { acknowledgeWildcard, MAX_EVENT_AGE } from "./node-function.ts";
import type { DeploymentSettings } from "./settings.ts";

/**
 * A run takes a second or two. It lasts a minute when it reads several times, and after the last reading it still has to post and to
 * ask about single contacts.
 */
const LONGEST_RUN_SECONDS = 80;

/** Reads Amazon Connect's figures of the queues once a minute, so that the board has names, staffing and a second opinion. */
export class QueueWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { instance, functions, failed, settings }: WatchProps & { settings: DeploymentSettings },
  ) {
    super(scope, id);
    const queues = functions.hubClientFunction(this, "Queues", {
      entry: "queues",
      description: "Posts Amazon Connect's own figures of the queues, once a minute",
      timeout: Duration.seconds(LONGEST_RUN_SECONDS),
      memory: 512,
      environment: {
        READS_PER_MINUTE: String(60 / settings.queueReadSeconds),
        SERVICE_LEVEL_SECONDS: targetsAsText(settings.serviceLevelSeconds),
      },
    });
    // A failed run is not repeated, because the next scheduled run posts newer figures.
    queues.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: new SqsDestination(failed),
    });
    const anyQueue = `${instance.arn}/queue/*`;
    const anyProfile = `${instance.arn}/routing-profile/*`;
    const anyContact = `${instance.arn}/contact/*`;
    queues.allow("ReadFigures", ["connect:GetCurrentMetricData"], [instance.arn, anyQueue, anyProfile]);
    queues.allow("ReadQueues", ["connect:ListQueues"], [instance.arn, anyQueue]);
    queues.allow("ReadProfiles", ["connect:ListRoutingProfiles", "connect:ListRoutingProfileQueues"], [instance.arn, anyProfile]);
    queues.allow("ReadContacts", ["connect:DescribeContact"], [anyContact]);
    const reason =
      "The function reads figures and names of this one instance, whose queues, routing profiles and contacts change.";
    for (const resource of [anyQueue, anyProfile, anyContact]) acknowledgeWildcard(queues, resource, reason);
    new Rule(this, "Schedule", {
      description: "Vigia: read Amazon Connect's figures of the queues",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(queues.lambda, {
          event: RuleTargetInput.fromObject({ scheduled: true }),
          deadLetterQueue: failed,
          maxEventAge: MAX_EVENT_AGE,
          retryAttempts: 0,
        }),
      ],
    });
  }
}
