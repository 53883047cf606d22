import { handler as agentEvents } from "../../aws-ingest/handlers/agent-events.ts";
import { handler as contactEvents } from "../../aws-ingest/handlers/contact-events.ts";
import { handler as reconcile } from "../../aws-ingest/handlers/reconcile.ts";
import { handler as transcriber } from "../../aws-ingest/handlers/transcriber.ts";
import { handler as trigger } from "../../aws-ingest/handlers/trigger.ts";
import { type LocalComprehend, startComprehend } from "../aws/comprehend.ts";
import { type LocalConnect, startConnect } from "../aws/connect.ts";
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
  /** The instance's signing secrets, as the Secrets Manager entry holds them. */
  ingestSecret: string;
  /** How many calls may be transcribed at once; an AWS account begins with 25 and can be raised. */
  transcriptions: number;
  /** More settings of the functions. */
  env?: Readonly<Record<string, string>>;
}

export interface StandIns {
  kinesisVideo: StandInKinesisVideo;
  transcribe: LocalTranscribe;
  comprehend: LocalComprehend;
  /** Knows nobody until it is given a roster. */
  connect: LocalConnect;
  /** Holds the recordings, in memory. */
  s3: LocalS3;
  /** Holds what could not be delivered: the queues {@link UNDELIVERED_QUEUE} and {@link FAILED_QUEUE}. */
  sqs: LocalSqs;
  /** The environment in which the functions find everything: their settings, and where the SDK finds the stand-ins. */
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The AWS side in this process: the real handlers and the real SDK against the stand-ins. */
export interface LocalCloud extends StandIns {
  lambda: LocalLambda;
  /** Runs a function to its end and gives back what it answers. @throws Error when it failed. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
}

type FunctionName = "trigger" | "transcriber" | "agent-events" | "contact-events" | "reconcile";

const SECRET_NAME = "vigia/hub";
const RECORDINGS_BUCKET = "vigia-recordings";
/** Some twenty calls; the oldest are forgotten first. */
const RECORDINGS_BYTES = 64 * 1024 * 1024;
/** Dead letters: posts that the hub refused… */
export const UNDELIVERED_QUEUE = "vigia-undelivered";
/** …and events that a function failed on. */
export const FAILED_QUEUE = "vigia-failed";
/** As deployed: the flow's block, a whole call, a batch with its retries, one event, a list within a minute's schedule. */
const TIMEOUT_MS = { trigger: 8_000, transcriber: 900_000, agentEvents: 60_000, contactEvents: 30_000, reconcile: 50_000 };
/** The demo's operator wants Castilian heard as Castilian, which Call Analytics does not know. */
const LANGUAGE_MAP = JSON.stringify({ "es-ES": "es-ES" });
/** The machine's real account must not be reached by accident, so nothing of it is read. */
const NO_ACCOUNT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "stand-in",
  AWS_SECRET_ACCESS_KEY: "stand-in",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Starts the services that the functions call, each on a free port of loopback. */
export async function startStandIns(options: LocalCloudOptions): Promise<StandIns> {
  const { instanceId } = options;
  const nobody = { instanceId, statuses: [], routingProfiles: [], users: [] };
  const [kinesisVideo, transcribe, comprehend, connect, s3, sqs, secrets] = await Promise.all([
    startKinesisVideo({ instanceId }),
    startTranscribe({ maxStreams: options.transcriptions }),
    startComprehend(),
    startConnect({ roster: nobody }),
    startS3({ buckets: [RECORDINGS_BUCKET], maxBytes: RECORDINGS_BYTES }),
    startSqs([UNDELIVERED_QUEUE, FAILED_QUEUE]),
    startSecrets({ [SECRET_NAME]: options.ingestSecret }),
  ]);
  return {
    kinesisVideo,
    transcribe,
    comprehend,
    connect,
    s3,
    sqs,
    env: {
      ...NO_ACCOUNT,
      AWS_ENDPOINT_URL_KINESIS_VIDEO: kinesisVideo.url,
      AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url,
      AWS_ENDPOINT_URL_COMPREHEND: comprehend.url,
      AWS_ENDPOINT_URL_CONNECT: connect.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      INSTANCE_ID: instanceId,
      HUB_URL: options.hubUrl,
      HUB_SECRET_ID: SECRET_NAME,
      TRANSCRIBER_FUNCTION: "transcriber",
      LANGUAGE_MAP,
      RECORDINGS_BUCKET,
      DEAD_LETTER_QUEUE_URL: sqs.queueUrl(UNDELIVERED_QUEUE),
      LOG_LEVEL: "WARN",
      ...options.env,
    },
    close: async () => {
      // What a call ends with goes to the others.
      await Promise.all([kinesisVideo.close(), transcribe.close()]);
      await Promise.all([comprehend, connect, s3, sqs, secrets].map((service) => service.close()));
    },
  };
}

/**
 * Starts Lambda with the product's functions in this process, whose environment becomes `env`. `listen` takes the place of
 * the transcriber, the one function that works hard, when that is to run elsewhere; `onFailure` hears of asynchronous events
 * that were given up.
 */
export async function startFunctions(
  env: Readonly<Record<string, string>>,
  listen: LocalFunction["handler"] = transcriber,
  onFailure: (record: object) => void = () => {},
): Promise<LocalLambda> {
  replaceEnvironment(env);
  const lambda = await startLambda({
    functions: {
      trigger: { handler: trigger, timeoutMs: TIMEOUT_MS.trigger },
      transcriber: { handler: listen, timeoutMs: TIMEOUT_MS.transcriber, maximumRetryAttempts: 0, onFailure },
      "agent-events": { handler: agentEvents, timeoutMs: TIMEOUT_MS.agentEvents },
      "contact-events": { handler: contactEvents, timeoutMs: TIMEOUT_MS.contactEvents, onFailure },
      reconcile: { handler: reconcile, timeoutMs: TIMEOUT_MS.reconcile, maximumRetryAttempts: 0, onFailure },
    },
  });
  process.env["AWS_ENDPOINT_URL_LAMBDA"] ??= lambda.url;
  return lambda;
}

/** Runs a function to its end. @throws Error when it failed. */
export async function invokeFunction(lambda: LocalLambda, name: FunctionName, event: unknown): Promise<unknown> {
  const outcome = await lambda.invoke(name, event);
  if (outcome.status === "returned") return JSON.parse(outcome.payload);
  throw new Error(`${name} ${outcome.status}: ${outcome.error.errorType}`);
}

/** Everything in one process. */
export async function startCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const standIns = await startStandIns(options);
  const lambda = await startFunctions(standIns.env);
  return {
    ...standIns,
    lambda,
    invoke: (name, event) => invokeFunction(lambda, name, event),
    async close() {
      // The readers first: their calls end as they would when the streams end, instead of as failures.
      await standIns.close();
      await lambda.close();
    },
  };
}

/** Makes `env` this process's own, for the SDK and the functions to read. */
function replaceEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_ENDPOINT_URL_LAMBDA"]) {
    delete process.env[name];
  }
  Object.assign(process.env, env);
}
