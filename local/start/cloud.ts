import { handler as actions } from "../../aws-ingest/handlers/actions.ts";
import { handler as agentEvents } from "../../aws-ingest/handlers/agent-events.ts";
import { handler as contactEvents } from "../../aws-ingest/handlers/contact-events.ts";
import { handler as contactLens } from "../../aws-ingest/handlers/contact-lens.ts";
import { handler as queues } from "../../aws-ingest/handlers/queues.ts";
import { handler as reconcile } from "../../aws-ingest/handlers/reconcile.ts";
import { handler as transcriber } from "../../aws-ingest/handlers/transcriber.ts";
import { handler as trigger } from "../../aws-ingest/handlers/trigger.ts";
import { handler as watchdog } from "../../aws-ingest/handlers/watchdog.ts";
import type { FunctionName } from "../../infra/node-function.ts";
import { ACTIONS } from "../../protocol/actions.ts";
import { type LocalComprehend, startComprehend } from "../aws/comprehend.ts";
import { type LocalConnect, startConnect } from "../aws/connect.ts";
import { type LocalContactLens, startContactLens } from "../aws/contact-lens.ts";
import { type StandInKinesisVideo, startKinesisVideo } from "../aws/kinesis-video.ts";
import { type LocalLambda, startLambda } from "../aws/lambda.ts";
import type { LocalFunction } from "../aws/lambda-function.ts";
import { type LocalS3, startS3 } from "../aws/s3.ts";
import { startSecrets } from "../aws/secrets.ts";
import { type LocalSqs, startSqs } from "../aws/sqs.ts";
import { type LocalTranscribe, startTranscribe } from "../aws/transcribe.ts";

export interface LocalCloudOptions {
  instanceId: string;
  hubUrl: string;
  /** The instance's signing secrets, in the format of the Secrets Manager entry. */
  ingestSecret: string;
  /** The signing secret of the orders of supervisors. Without it, none is taken. */
  actionsSecret?: string;
  /** The quota of concurrent transcriptions. A new AWS account has 25 and can ask for more. */
  transcriptions: number;
  /** More environment variables of the functions. */
  env?: Readonly<Record<string, string>>;
  /** Transcribers are killed again and again. */
  chaos?: boolean;
}

export interface StandIns {
  kinesisVideo: StandInKinesisVideo;
  transcribe: LocalTranscribe;
  comprehend: LocalComprehend;
  /** Has no users before its `roster` is set. */
  connect: LocalConnect;
  /** Lists the turns that Contact Lens wrote so far. */
  contactLens: LocalContactLens;
  /** Keeps the recordings in memory. */
  s3: LocalS3;
  /** Has the dead-letter queues {@link UNDELIVERED_QUEUE} and {@link FAILED_QUEUE}. */
  sqs: LocalSqs;
  /** The environment of the functions: their settings, and the addresses of the stand-ins for the SDK. */
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The AWS side in this process: the real handlers use the stand-ins through the real SDK. */
export interface LocalCloud extends StandIns {
  lambda: LocalLambda;
  /** Runs a function to its end and returns its answer. @throws Error when it fails */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
}

const SECRET_NAME = "vigia/hub";
const ACTIONS_SECRET_NAME = "vigia/actions";
export const RECORDINGS_BUCKET = "vigia-recordings";
const CHECKPOINTS_BUCKET = "vigia-checkpoints";
const ACTION_IDS_BUCKET = "vigia-action-ids";
/** Room for ten recordings. S3 deletes the oldest ones first. */
const RECORDINGS_BYTES = 32 * 1024 * 1024;
/** The stack keeps checkpoints for a day, the shortest time of a lifecycle rule. Each contact that ended leaves a mark of its own. */
const CHECKPOINTS_KEPT_MS = 15 * 60_000;
/**
 * A transcriber that died is replaced within three minutes, and then reads the audio from its last checkpoint on, 20 s before. That is
 * 7 MB a call.
 */
const AUDIO_KEPT_MS = 210_000;
/**
 * A transcriber that is killed again and again may be away for longer. Kinesis keeps a day, so the stand-in must not be what loses
 * a turn. Four calls write 0.5 GB in an hour.
 */
const AUDIO_UNDER_CHAOS = { retentionMs: 3_600_000, maxBytes: 512 * 1024 * 1024 };
/** The dead-letter queue of posts that the hub refused. */
export const UNDELIVERED_QUEUE = "vigia-undelivered";
/** The dead-letter queue of events on which a function failed. */
export const FAILED_QUEUE = "vigia-failed";
/** The timeouts of the deployed stack. */
const TIMEOUT_MS = {
  actions: 9_000,
  trigger: 8_000,
  transcriber: 900_000,
  agentEvents: 60_000,
  contactEvents: 30_000,
  contactLens: 120_000,
  queues: 80_000,
  reconcile: 50_000,
  watchdog: 50_000,
};
/** Three runs of 15 minutes and the waits between them fit into it. */
const TRANSCRIBER_EVENT_AGE_SECONDS = 3600;
/** Sends Castilian to standard transcription, because Call Analytics does not have it. The demo thus shows both services. */
const LANGUAGE_MAP = JSON.stringify({ "es-ES": "es-ES" });
/** Hides the machine's AWS account, so that the demo cannot reach it by accident. */
const NO_ACCOUNT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "stand-in",
  AWS_SECRET_ACCESS_KEY: "stand-in",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Starts the services that the functions call, each on a free port of 127.0.0.1. */
export async function startStandIns(options: LocalCloudOptions): Promise<StandIns> {
  const { instanceId } = options;
  const nobody = { instanceId, statuses: [], routingProfiles: [], users: [] };
  const [kinesisVideo, transcribe, comprehend, connect, contactLens, s3, sqs, secrets] = await Promise.all([
    startKinesisVideo({ instanceId, ...(options.chaos === true ? AUDIO_UNDER_CHAOS : { retentionMs: AUDIO_KEPT_MS }) }),
    startTranscribe({ maxStreams: options.transcriptions }),
    startComprehend(),
    startConnect({ roster: nobody }),
    startContactLens({ instanceId }),
    startS3({
      buckets: [RECORDINGS_BUCKET, CHECKPOINTS_BUCKET, ACTION_IDS_BUCKET],
      maxBytes: RECORDINGS_BYTES,
      expiryMs: { [CHECKPOINTS_BUCKET]: CHECKPOINTS_KEPT_MS, [ACTION_IDS_BUCKET]: CHECKPOINTS_KEPT_MS },
    }),
    startSqs([UNDELIVERED_QUEUE, FAILED_QUEUE]),
    startSecrets({
      [SECRET_NAME]: options.ingestSecret,
      ...(options.actionsSecret !== undefined && { [ACTIONS_SECRET_NAME]: options.actionsSecret }),
    }),
  ]);
  return {
    kinesisVideo,
    transcribe,
    comprehend,
    connect,
    contactLens,
    s3,
    sqs,
    env: {
      ...NO_ACCOUNT,
      AWS_ENDPOINT_URL_KINESIS_VIDEO: kinesisVideo.url,
      AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url,
      AWS_ENDPOINT_URL_COMPREHEND: comprehend.url,
      AWS_ENDPOINT_URL_CONNECT: connect.url,
      AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: contactLens.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      INSTANCE_ID: instanceId,
      HUB_URL: options.hubUrl,
      HUB_SECRET_ID: SECRET_NAME,
      ACTIONS_SECRET_ID: ACTIONS_SECRET_NAME,
      ACTION_IDS_BUCKET,
      ACTIONS: ACTIONS.join(" "),
      TRANSCRIBER_FUNCTION: "transcriber",
      CONTINUE_FUNCTION: "transcriber-continue",
      LANGUAGE_MAP,
      RECORDINGS_BUCKET,
      RECORDING_LINKS_BUCKET: RECORDINGS_BUCKET,
      CHECKPOINTS_BUCKET,
      FAILED_QUEUE_URL: sqs.queueUrl(FAILED_QUEUE),
      DEAD_LETTER_QUEUE_URL: sqs.queueUrl(UNDELIVERED_QUEUE),
      LOG_LEVEL: "WARN",
      ...options.env,
    },
    close: async () => {
      // A call that ends still writes to the other services, so they close later.
      await Promise.all([kinesisVideo.close(), transcribe.close()]);
      await Promise.all([comprehend, connect, contactLens, s3, sqs, secrets].map((service) => service.close()));
    },
  };
}

export interface LocalFunctionOptions {
  /** Runs in place of the transcriber, whose work needs processes of its own when there are many calls. */
  transcribe?: LocalFunction["handler"];
  /** Gets the record of each asynchronous event that failed for good. */
  onFailure?: (record: object) => void;
  /** How many times faster than at AWS the waits before retries pass. */
  speed?: number;
}

/** Starts Lambda with the product's functions in this process. Replaces this process's environment by `env`. */
export async function startFunctions(
  env: Readonly<Record<string, string>>,
  { transcribe = transcriber, onFailure = () => {}, speed = 1 }: LocalFunctionOptions = {},
): Promise<LocalLambda> {
  replaceEnvironment(env);
  const transcriberSettings = {
    handler: transcribe,
    timeoutMs: TIMEOUT_MS.transcriber,
    maximumEventAgeSeconds: TRANSCRIBER_EVENT_AGE_SECONDS,
    onFailure,
  };
  const lambda = await startLambda({
    speed,
    functions: {
      actions: { handler: actions, timeoutMs: TIMEOUT_MS.actions },
      trigger: { handler: trigger, timeoutMs: TIMEOUT_MS.trigger },
      transcriber: transcriberSettings,
      "transcriber-continue": transcriberSettings,
      "agent-events": { handler: agentEvents, timeoutMs: TIMEOUT_MS.agentEvents },
      "contact-lens": { handler: contactLens, timeoutMs: TIMEOUT_MS.contactLens },
      "contact-events": { handler: contactEvents, timeoutMs: TIMEOUT_MS.contactEvents, onFailure },
      queues: { handler: queues, timeoutMs: TIMEOUT_MS.queues, maximumRetryAttempts: 0, onFailure },
      reconcile: { handler: reconcile, timeoutMs: TIMEOUT_MS.reconcile, maximumRetryAttempts: 0, onFailure },
      watchdog: { handler: watchdog, timeoutMs: TIMEOUT_MS.watchdog, maximumRetryAttempts: 0, onFailure },
      // The stack deploys no function that the demo does not run: the compiler asks for each.
    } satisfies Record<FunctionName, LocalFunction>,
  });
  process.env["AWS_ENDPOINT_URL_LAMBDA"] ??= lambda.url;
  return lambda;
}

/** Runs a function to its end. @throws Error when it fails */
export async function invokeFunction(lambda: LocalLambda, name: FunctionName, event: unknown): Promise<unknown> {
  const outcome = await lambda.invoke(name, event);
  if (outcome.status === "returned") return JSON.parse(outcome.payload);
  throw new Error(`The function ${name} ${outcome.status}: ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
}

/** Starts the stand-ins and the functions in this process. */
export async function startCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const standIns = await startStandIns(options);
  const lambda = await startFunctions(standIns.env);
  return {
    ...standIns,
    lambda,
    invoke: (name, event) => invokeFunction(lambda, name, event),
    async close() {
      // The stand-ins close first, so that the calls end with their streams and do not fail.
      await standIns.close();
      await lambda.close();
    },
  };
}

/** Sets `env` in this process, and removes variables that would lead the SDK to a real account. */
function replaceEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_ENDPOINT_URL_LAMBDA"]) {
    delete process.env[name];
  }
  Object.assign(process.env, env);
}
