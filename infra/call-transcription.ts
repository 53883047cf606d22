import { Duration } from "aws-cdk-lib";
import { CfnInstanceStorageConfig, CfnIntegrationAssociation } from "aws-cdk-lib/aws-connect";
import { Policy, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { DeploymentSettings, Instance, MediaSetting } from "./context.ts";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, type IngestFunction, MAX_EVENT_AGE } from "./node-function.ts";
import { Recordings } from "./recordings.ts";

export interface CallTranscriptionProps {
  instance: Instance;
  settings: DeploymentSettings;
  media: Exclude<MediaSetting, { mode: "off" }>;
  key: Key;
  functions: FunctionFactory;
  /** Where Lambda notes a call it gave up. */
  failed: IQueue;
}

/** For the second when one invocation hands a call over and the next has begun, per ten calls. */
const HANDOVER_OVERLAP = 0.1;

/** From a call's audio to posts: the trigger a contact flow calls, the transcriber it starts, live media streaming, recordings. */
export class CallTranscription extends Construct {
  readonly trigger: IngestFunction;
  readonly transcriber: IngestFunction;
  /** Amazon Connect lets flows call the trigger only once this exists. */
  readonly association: CfnIntegrationAssociation;

  constructor(scope: Construct, id: string, props: CallTranscriptionProps) {
    super(scope, id);
    const { instance, settings, media, key, functions } = props;
    const recordings =
      settings.recording.mode === "on"
        ? new Recordings(this, "Recordings", { key, retentionDays: settings.recording.retentionDays })
        : null;
    const calls = settings.maxConcurrentCalls;
    this.transcriber = functions.hubClientFunction(this, "Transcriber", {
      entry: "transcriber",
      description: "Reads a call's audio, transcribes and scores it, posts to the hub",
      timeout: Duration.minutes(15),
      memory: 1024,
      callsItself: true,
      ...(calls === null ? {} : { reservedConcurrency: calls + Math.ceil(calls * HANDOVER_OVERLAP) }),
      environment: {
        HANDOVER_AFTER_SECONDS: String(settings.handoverAfterSeconds),
        MAX_HANDOVERS: String(settings.maxHandovers),
        IDLE_SECONDS: String(settings.idleSeconds),
        CATCH_UP_SPEED: String(settings.catchUpSpeed),
        REDACT_PII: String(settings.redactPii),
        VOCABULARY_NAME: settings.vocabularyName ?? "",
        VOCABULARY_FILTER_NAME: settings.vocabularyFilterName ?? "",
        RECORDINGS_BUCKET: recordings?.bucket.bucketName ?? "",
      },
    });
    // Lambda would otherwise repeat a failed call twice from its first word, up to six hours later.
    this.transcriber.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: new SqsDestination(props.failed),
    });
    this.#letItListen(props);
    recordings?.allowWriting(this.transcriber, key);

    if (media.mode === "managed") {
      new CfnInstanceStorageConfig(this, "MediaStreams", {
        instanceArn: instance.arn,
        resourceType: "MEDIA_STREAMS",
        storageType: "KINESIS_VIDEO_STREAM",
        kinesisVideoStreamConfig: {
          prefix: media.prefix,
          retentionPeriodHours: media.retentionHours,
          encryptionConfig: { encryptionType: "KMS", keyId: key.keyArn },
        },
      });
    }

    this.trigger = functions.plainFunction(this, "Trigger", {
      entry: "trigger",
      description: "Called by a contact flow: starts the transcriber for this call",
      // What Amazon Connect waits at most.
      timeout: Duration.seconds(8),
      memory: 512,
      environment: {
        TRANSCRIBER_FUNCTION: this.transcriber.lambda.functionName,
        LANGUAGE_MAP: JSON.stringify(settings.languages.map),
        IDENTIFY_LANGUAGE: settings.languages.identify.join(" "),
      },
    });
    this.trigger.allow("StartTranscriber", ["lambda:InvokeFunction"], [this.transcriber.lambda.functionArn]);
    this.trigger.lambda.addPermission("FlowsOfThisInstance", {
      principal: new ServicePrincipal("connect.amazonaws.com"),
      sourceArn: instance.arn,
      sourceAccount: instance.account,
    });
    this.association = new CfnIntegrationAssociation(this, "Association", {
      // The resource wants the ARN under this name.
      instanceId: instance.arn,
      integrationType: "LAMBDA_FUNCTION",
      integrationArn: this.trigger.lambda.functionArn,
    });
  }

  /** What the transcriber may do to a call: hear it, have it transcribed and scored, pass it on to its own next invocation. */
  #letItListen({ instance, settings, media, key }: CallTranscriptionProps): void {
    const { transcriber } = this;
    const home = `${instance.region}:${instance.account}`;
    const streams = `arn:${instance.partition}:kinesisvideo:${home}:stream/${media.prefix}-connect-${settings.instanceAlias}-contact-*/*`;
    transcriber.allow("HearCalls", ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"], [streams]);
    const keyArn = media.mode === "managed" ? key.keyArn : media.keyArn;
    if (keyArn !== undefined) transcriber.allow("DecryptCalls", ["kms:Decrypt"], [keyArn]);
    transcriber.allow(
      "TranscribeAndScore",
      ["transcribe:StartCallAnalyticsStreamTranscription", "transcribe:StartStreamTranscription", "comprehend:DetectSentiment"],
      ["*"],
    );
    // A statement in the role's own policy would be a circle: the function waits for that policy, the policy for the function.
    const handOver = new Policy(this, "HandOver", {
      statements: [
        new PolicyStatement({
          sid: "HandLongCallsToItself",
          actions: ["lambda:InvokeFunction"],
          resources: [transcriber.lambda.functionArn],
        }),
      ],
    });
    handOver.attachToRole(transcriber.role);
    acknowledgeWildcard(
      transcriber,
      streams,
      "Amazon Connect names the streams itself; the pattern is this instance's prefix and alias.",
    );
    acknowledgeWildcard(transcriber, "*", "Amazon Transcribe streaming and DetectSentiment have no resource to name.");
  }
}
