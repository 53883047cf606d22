import { Duration } from "aws-cdk-lib";
import { CfnInstanceStorageConfig, CfnIntegrationAssociation } from "aws-cdk-lib/aws-connect";
import { Policy, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { Checkpoints } from "./checkpoints.ts";
import type { FunctionFactory, FunctionProps } from "./function-factory.ts";
import { acknowledgeWildcard, type IngestFunction } from "./node-function.ts";
import { Recordings } from "./recordings.ts";
import { reservedFor } from "./reserved-concurrency.ts";
import type { DeploymentSettings, Instance, MediaSetting } from "./settings.ts";
import { Watchdog } from "./watchdog.ts";

export interface CallTranscriptionProps {
  instance: Instance;
  settings: DeploymentSettings;
  media: Exclude<MediaSetting, { mode: "off" }>;
  key: Key;
  functions: FunctionFactory;
  /** Queue for Lambda's notes of calls that it gave up. */
  failed: Queue;
}

/**
 * Lambda counts the age of an event while its attempts run: three attempts of 15 minutes, and the pauses of one and two minutes
 * between them, are 48 minutes (developer guide, "How Lambda handles errors and retries with asynchronous invocation").
 */
const LONGEST_TRIES = Duration.hours(1);
/** A stream that this stack has not made may keep its sound for another time. A checkpoint lives for a day anyway. */
const UNKNOWN_RETENTION_HOURS = 24;

/** Makes the trigger that a contact flow calls, the transcriber that it starts, live media streaming, and the recordings. */
export class CallTranscription extends Construct {
  readonly trigger: IngestFunction;
  /** Begins new calls. */
  readonly transcriber: IngestFunction;
  /** Goes on with running calls: hand-overs, and restarts by the watchdog. No new call is ever in their way. */
  readonly continuer: IngestFunction;
  /** null when nothing is recorded. */
  readonly recordings: Recordings | null;
  readonly checkpoints: Checkpoints;
  /** A flow may call the trigger only after this exists. */
  readonly association: CfnIntegrationAssociation;

  constructor(scope: Construct, id: string, props: CallTranscriptionProps) {
    super(scope, id);
    const { instance, settings, media, key, functions } = props;
    const recordings =
      settings.recording.mode === "on"
        ? new Recordings(this, "Recordings", { key, retentionDays: settings.recording.retentionDays })
        : null;
    this.recordings = recordings;
    this.checkpoints = new Checkpoints(this, "Checkpoints", { key, instanceId: instance.id });
    const calls = settings.maxConcurrentCalls;
    const reserved = calls === null ? null : reservedFor(calls);
    this.continuer = this.#makeTranscriber("Continue", props, {
      name: "transcriber-continue",
      description: "Goes on with calls that run: hand-overs, and calls that lost their process",
      ...(reserved && { reservedConcurrency: reserved.runningCalls }),
    });
    this.transcriber = this.#makeTranscriber("Transcriber", props, {
      description: "Reads a new call's audio, transcribes and scores it, posts to the hub",
      environment: { CONTINUE_FUNCTION: this.continuer.lambda.functionName },
      ...(reserved && { reservedConcurrency: reserved.newCalls }),
    });
    allowStarting(this.transcriber, "HandOver", [this.transcriber, this.continuer]);
    allowStarting(this.continuer, "HandOver", [this.continuer]);
    new Watchdog(this, "Watchdog", {
      functions,
      failed: props.failed,
      checkpoints: this.checkpoints,
      transcriber: this.transcriber,
      continuer: this.continuer,
      maxCalls: calls,
      streamKeptHours: media.mode === "managed" ? media.retentionHours : UNKNOWN_RETENTION_HOURS,
    });

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

    this.trigger = functions.signingFunction(this, "Trigger", {
      entry: "trigger",
      description: "Called by a contact flow: starts the transcriber for this call, tells the hub",
      // Amazon Connect waits at most this long.
      timeout: Duration.seconds(8),
      memory: 512,
      environment: {
        TRANSCRIBER_FUNCTION: this.transcriber.lambda.functionName,
        LANGUAGE_MAP: JSON.stringify(settings.languages.map),
        IDENTIFY_LANGUAGE: settings.languages.identify.join(" "),
        LANGUAGE_ENGINES: JSON.stringify(settings.languages.engines),
        REDACT_PII: String(settings.redactPii),
        ...(calls !== null && { MAX_CALLS: String(calls), CHECKPOINTS_BUCKET: this.checkpoints.bucket.bucketName }),
      },
    });
    if (calls !== null) this.checkpoints.allowCounting(this.trigger);
    this.trigger.allow("StartTranscriber", ["lambda:InvokeFunction"], [this.transcriber.lambda.functionArn]);
    this.trigger.lambda.addPermission("FlowsOfThisInstance", {
      principal: new ServicePrincipal("connect.amazonaws.com"),
      sourceArn: instance.arn,
      sourceAccount: instance.account,
    });
    this.association = new CfnIntegrationAssociation(this, "Association", {
      // CloudFormation expects the ARN of the instance here, in spite of the name.
      instanceId: instance.arn,
      integrationType: "LAMBDA_FUNCTION",
      integrationArn: this.trigger.lambda.functionArn,
    });
  }

  /** Makes one of the two functions. They share one bundle, and their own metrics have one name. */
  #makeTranscriber(
    id: string,
    props: CallTranscriptionProps,
    own: Partial<FunctionProps> & { description: string },
  ): IngestFunction {
    const { settings, functions, key } = props;
    const { environment, ...rest } = own;
    const calls = settings.maxConcurrentCalls;
    const transcriber = functions.hubClientFunction(this, id, {
      entry: "transcriber",
      timeout: Duration.minutes(15),
      memory: 1024,
      callsItself: true,
      ...rest,
      environment: {
        HANDOVER_AFTER_SECONDS: String(settings.handoverAfterSeconds),
        MAX_HANDOVERS: String(settings.maxHandovers),
        IDLE_SECONDS: String(settings.idleSeconds),
        CATCH_UP_SPEED: String(settings.catchUpSpeed),
        REDACT_PII: String(settings.redactPii),
        VOCABULARIES: namesByLanguage(settings, settings.vocabularyName, settings.vocabularies),
        VOCABULARY_FILTERS: namesByLanguage(settings, settings.vocabularyFilterName, settings.vocabularyFilters),
        MASK_RECORDINGS: String(settings.recording.mode === "on" && settings.recording.maskPersonalData),
        RECORDINGS_BUCKET: this.recordings?.bucket.bucketName ?? "",
        CHECKPOINTS_BUCKET: this.checkpoints.bucket.bucketName,
        ...(calls !== null && { MAX_CALLS: String(calls) }),
        ...environment,
      },
    });
    // A retry goes on from the call's checkpoint.
    transcriber.lambda.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: LONGEST_TRIES,
      onFailure: new SqsDestination(props.failed),
    });
    allowTranscription(transcriber, props);
    this.checkpoints.allowTranscriber(transcriber);
    this.recordings?.allowWriting(transcriber, key);
    return transcriber;
  }
}

/**
 * Lets a transcriber start these functions. The function depends on the policy of its role. A statement there that names the
 * function itself would be a circular dependency, so this is a policy of its own.
 */
function allowStarting(transcriber: IngestFunction, id: string, targets: readonly IngestFunction[]): void {
  new Policy(transcriber, id, {
    statements: [
      new PolicyStatement({
        sid: "HandCallsOver",
        actions: ["lambda:InvokeFunction"],
        resources: targets.map(({ lambda }) => lambda.functionArn),
      }),
    ],
  }).attachToRole(transcriber.role);
}

/** Lets a transcriber read a call's audio, and have it transcribed and scored. */
function allowTranscription(transcriber: IngestFunction, { instance, settings, media, key }: CallTranscriptionProps): void {
  const home = `${instance.region}:${instance.account}`;
  const streams = `arn:${instance.partition}:kinesisvideo:${home}:stream/${media.prefix}-connect-${settings.instanceAlias}-contact-*/*`;
  const contacts = `${instance.arn}/contact/*`;
  transcriber.allow("AskWhetherCallsAreOver", ["connect:DescribeContact"], [contacts]);
  acknowledgeWildcard(
    transcriber,
    contacts,
    "The function asks about contacts of this one instance, and every call is a new one.",
  );
  transcriber.allow("ReadCalls", ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"], [streams]);
  const keyArn = media.mode === "managed" ? key.keyArn : media.keyArn;
  if (keyArn !== undefined) transcriber.allow("DecryptCalls", ["kms:Decrypt"], [keyArn]);
  transcriber.allow(
    "TranscribeAndScore",
    ["transcribe:StartCallAnalyticsStreamTranscription", "transcribe:StartStreamTranscription", "comprehend:DetectSentiment"],
    ["*"],
  );
  acknowledgeWildcard(
    transcriber,
    streams,
    "Amazon Connect names the streams. The pattern is the prefix and alias of this instance.",
  );
  acknowledgeWildcard(
    transcriber,
    "*",
    "Amazon Transcribe streaming and DetectSentiment have no resources that a policy could name.",
  );
}

/** Returns the names by language as JSON. A vocabulary has one language, so the one without is taken for the calls' own language. */
function namesByLanguage(
  { languages }: DeploymentSettings,
  one: string | undefined,
  byLanguage: Readonly<Record<string, string>>,
): string {
  const [language = languages.default] = languages.default.split("-");
  return JSON.stringify({ ...(one !== undefined && { [language]: one }), ...byLanguage });
}
