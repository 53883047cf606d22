import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Checkpoints } from "./checkpoints.ts";
import type { FunctionFactory } from "./function-factory.ts";
import { type IngestFunction, MAX_EVENT_AGE } from "./node-function.ts";

export interface WatchdogProps {
  functions: FunctionFactory;
  /** Queue for Lambda's notes of events that it gave up. The watchdog reads it. */
  failed: Queue;
  checkpoints: Checkpoints;
  /** Gets the new calls that Lambda gave up. */
  transcriber: IngestFunction;
  /** Gets the running calls that lost their process. */
  continuer: IngestFunction;
  /** How many calls are transcribed at once. null: no limit. */
  maxCalls: number | null;
  /** How long the streams keep the sound. */
  streamKeptHours: number;
}

/** A run ends before the next one begins. */
const LONGEST_RUN = Duration.seconds(50);

/** Looks each minute for calls that lost their transcriber, and starts it again. */
export class Watchdog extends Construct {
  constructor(scope: Construct, id: string, props: WatchdogProps) {
    super(scope, id);
    const { functions, failed, checkpoints, transcriber, continuer, maxCalls } = props;
    const watchdog = functions.plainFunction(this, "Watchdog", {
      entry: "watchdog",
      description: "Starts the transcriber again for calls that lost theirs, on a schedule",
      timeout: LONGEST_RUN,
      memory: 512,
      environment: {
        CHECKPOINTS_BUCKET: checkpoints.bucket.bucketName,
        TRANSCRIBER_FUNCTION: transcriber.lambda.functionName,
        CONTINUE_FUNCTION: continuer.lambda.functionName,
        ...(maxCalls !== null && { MAX_CALLS: String(maxCalls) }),
        FAILED_QUEUE_URL: failed.queueUrl,
        STREAM_KEPT_HOURS: String(props.streamKeptHours),
      },
    });
    // A failed run is not repeated, because the next one is due within a minute.
    watchdog.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: new SqsDestination(failed),
    });
    checkpoints.allowReading(watchdog);
    watchdog.allow("StartTranscriber", ["lambda:InvokeFunction"], [transcriber.lambda.functionArn, continuer.lambda.functionArn]);
    watchdog.allow("ReadFailedEvents", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], [failed.queueArn]);
    new Rule(this, "Schedule", {
      description: "Vigia: start the transcriber again for calls that lost theirs",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(watchdog.lambda, {
          event: RuleTargetInput.fromObject({ scheduled: true }),
          deadLetterQueue: failed,
          maxEventAge: MAX_EVENT_AGE,
          retryAttempts: 0,
        }),
      ],
    });
  }
}
