import { randomUUID } from "node:crypto";
import { handler as transcriber } from "../../aws-ingest/handlers/transcriber.ts";
import { handler as trigger } from "../../aws-ingest/handlers/trigger.ts";
import { type LocalConnect, startConnect } from "../../local/aws/connect.ts";
import { type StandInKinesisVideo, startKinesisVideo } from "../../local/aws/kinesis-video.ts";
import type { StandInStream } from "../../local/aws/kinesis-video-stream.ts";
import { type LocalLambda, startLambda } from "../../local/aws/lambda.ts";
import { type LocalSecrets, startSecrets } from "../../local/aws/secrets.ts";
import { type LocalTranscribe, type LocalTranscribeOptions, startTranscribe } from "../../local/aws/transcribe.ts";
import type { ContactSentiment, ContactTurn } from "../../protocol/updates.ts";
import type { CallSound } from "./call-sound.ts";
import { type RecordingHub, startRecordingHub } from "./recording-hub.ts";

export const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** The AWS services of a call on this machine, and a hub that records its posts. It sets process.env, so use one per test file. */
export interface IngestLab {
  kinesisVideo: StandInKinesisVideo;
  transcribe: LocalTranscribe;
  lambda: LocalLambda;
  secrets: LocalSecrets;
  /** Knows no contact, unless a test says in `contacts` that one goes on or is over. */
  connect: LocalConnect;
  hub: RecordingHub;
  env: Record<string, string>;
  /** Writes this call to a new stream. Its audio begins at `atMs` (epoch ms). */
  broadcast(contactId: string, sound: CallSound, atMs: number): StandInStream;
  close(): Promise<void>;
}

export async function startIngestLab(
  env: Readonly<Record<string, string>> = {},
  transcribeOptions: LocalTranscribeOptions = {},
): Promise<IngestLab> {
  const roster = { instanceId: INSTANCE, statuses: [], routingProfiles: [], users: [] };
  const [kinesisVideo, transcribe, secrets, connect, hub] = await Promise.all([
    startKinesisVideo({ instanceId: INSTANCE, maxBytes: 512 * 1024 * 1024 }),
    startTranscribe(transcribeOptions),
    startSecrets({ "vigia/hub": SECRET }),
    startConnect({ roster }),
    startRecordingHub(INSTANCE, SECRET),
  ]);
  const all: Record<string, string> = {
    INSTANCE_ID: INSTANCE,
    HUB_URL: hub.url,
    HUB_SECRET_ID: "vigia/hub",
    TRANSCRIBER_FUNCTION: "transcriber",
    IDLE_SECONDS: "1",
    CATCH_UP_SPEED: "400",
    LOG_LEVEL: "SILENT",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL_KINESIS_VIDEO: kinesisVideo.url,
    AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_CONNECT: connect.url,
    ...env,
  };
  const lambda = await startLambda({
    functions: {
      trigger: { handler: trigger, env: all, timeoutMs: 8000 },
      transcriber: { handler: transcriber, env: all, timeoutMs: 900_000, maximumRetryAttempts: 0 },
    },
  });
  all["AWS_ENDPOINT_URL_LAMBDA"] = lambda.url;
  Object.assign(process.env, all);
  return {
    kinesisVideo,
    transcribe,
    lambda,
    secrets,
    connect,
    hub,
    env: all,
    broadcast(contactId, sound, atMs) {
      const stream = kinesisVideo.stream(`vigia-connect-lab-contact-${randomUUID()}`);
      stream.write({ contactId, atMs, fromCustomer: sound.fromCustomer, toCustomer: sound.toCustomer });
      return stream;
    },
    async close() {
      await Promise.all([kinesisVideo.close(), transcribe.close()]);
      await Promise.all([lambda.close(), secrets.close(), connect.close(), hub.close()]);
    },
  };
}

/** Writes the first second of another contact to a stream: the streaming of the call before has stopped. */
export function endCall(stream: StandInStream, atMs: number): void {
  stream.write({ contactId: randomUUID(), atMs, fromCustomer: new Int16Array(8192), toCustomer: new Int16Array(8192) });
}

/** The contact that a transferred call began as. */
export const FIRST_CONTACT = "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11";

/** Returns a job for the transcriber, as the trigger makes it. `initialContactId` is null for a call that was not transferred. */
export function jobFor(contactId: string, stream: StandInStream, atMs: number, initialContactId: string | null = FIRST_CONTACT) {
  return {
    contactId,
    initialContactId,
    streamArn: stream.arn,
    startTimestamp: atMs,
    language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
    record: false,
    state: null,
  };
}

/** Returns the final turns of a contact in order, each as it was posted last, and the newest score. */
export function storyOf(hub: RecordingHub, contactId: string): { turns: ContactTurn[]; score: ContactSentiment | null } {
  const turns = new Map<string, ContactTurn>();
  let score: ContactSentiment | null = null;
  for (const update of hub.updates()) {
    if (update.type === "contact.turn" && update.contactId === contactId && update.final) turns.set(update.turnId, update);
    if (update.type === "contact.sentiment" && update.contactId === contactId) {
      if (score === null || update.occurredAt > score.occurredAt) score = update;
    }
  }
  return { turns: [...turns.values()].sort((a, b) => a.beginMs - b.beginMs || a.role.localeCompare(b.role)), score };
}
