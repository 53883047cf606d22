import { handler as agentEvents } from "../aws-ingest/agent-events.ts";
import { handler as transcriber } from "../aws-ingest/transcriber.ts";
import { handler as trigger } from "../aws-ingest/trigger.ts";
import { type StandInKinesisVideo, startKinesisVideo } from "./aws/kinesis-video.ts";
import { type LocalLambda, startLambda } from "./aws/lambda.ts";
import { startSecrets } from "./aws/secrets.ts";
import { type LocalTranscribe, startTranscribe } from "./aws/transcribe.ts";

export interface CloudOptions {
  instanceId: string;
  hubUrl: string;
  /** The instance's signing secrets, as the Secrets Manager entry holds them. */
  ingestSecret: string;
  /** How many calls may be transcribed at once; an AWS account begins with 25 and can be raised. */
  transcriptions: number;
  /** More settings of the functions. */
  env?: Readonly<Record<string, string>>;
}

/** The AWS side on this machine: the real handlers and the real SDK against the stand-ins. */
export interface Cloud {
  kinesisVideo: StandInKinesisVideo;
  transcribe: LocalTranscribe;
  lambda: LocalLambda;
  /** Runs a function to its end and gives back what it answers. @throws Error when it failed. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

type FunctionName = "trigger" | "transcriber" | "agent-events";

const SECRET_NAME = "vigia/hub";
/** As deployed: the flow's block, a whole call, a batch with its retries. */
const TIMEOUT_MS = { trigger: 8_000, transcriber: 900_000, agentEvents: 60_000 };

/** Starts every stand-in on a free port of loopback and points this process's AWS SDK at them. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const [kinesisVideo, transcribe, secrets] = await Promise.all([
    startKinesisVideo({ instanceId: options.instanceId }),
    startTranscribe({ maxStreams: options.transcriptions }),
    startSecrets({ [SECRET_NAME]: options.ingestSecret }),
  ]);
  const env = {
    INSTANCE_ID: options.instanceId,
    HUB_URL: options.hubUrl,
    HUB_SECRET_ID: SECRET_NAME,
    TRANSCRIBER_FUNCTION: "transcriber",
    LOG_LEVEL: "WARN",
    ...options.env,
  };
  const lambda = await startLambda({
    functions: {
      trigger: { handler: trigger, env, timeoutMs: TIMEOUT_MS.trigger },
      transcriber: { handler: transcriber, env, timeoutMs: TIMEOUT_MS.transcriber, maximumRetryAttempts: 0 },
      "agent-events": { handler: agentEvents, env, timeoutMs: TIMEOUT_MS.agentEvents },
    },
  });
  pointSdkAt({
    KINESIS_VIDEO: kinesisVideo.url,
    TRANSCRIBE_STREAMING: transcribe.url,
    SECRETS_MANAGER: secrets.url,
    LAMBDA: lambda.url,
  });

  return {
    kinesisVideo,
    transcribe,
    lambda,
    async invoke(name, event) {
      const outcome = await lambda.invoke(name, event);
      if (outcome.status === "returned") return JSON.parse(outcome.payload);
      throw new Error(`${name} ${outcome.status}: ${outcome.error.errorType}`);
    },
    async close() {
      // The readers first: their calls end as they would when the streams end, instead of as failures.
      await Promise.all([kinesisVideo.close(), transcribe.close()]);
      await Promise.all([lambda.close(), secrets.close()]);
    },
  };
}

/** The SDK's own settings. The machine's real account must not be reached by accident, so nothing of it is read. */
function pointSdkAt(endpoints: Readonly<Record<string, string>>): void {
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  });
  for (const [service, url] of Object.entries(endpoints)) process.env[`AWS_ENDPOINT_URL_${service}`] = url;
}
