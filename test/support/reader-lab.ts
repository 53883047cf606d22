import { afterAll, beforeAll, beforeEach } from "vitest";
import { startSecrets } from "../../local/aws/secrets.ts";
import { INSTANCE, SECRET } from "./ingest-lab.ts";
import { type RecordingHub, startRecordingHub } from "./recording-hub.ts";

/** Another service that the function needs, and the environment variables with its address. */
interface OtherService {
  env: Record<string, string>;
  close(): Promise<void>;
}

/**
 * Starts a hub that records its posts, and a secret store, and sets the environment of a Lambda function. Call it once at the top
 * of a test file. It stops after the file, and it clears the recorded posts before each test.
 */
export function readerLab(startOther?: () => Promise<OtherService>): { readonly hub: RecordingHub } {
  let hub: RecordingHub | null = null;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const recording = await startRecordingHub(INSTANCE, SECRET);
    const secrets = await startSecrets({ "vigia/hub": SECRET });
    closers.push(
      () => recording.close(),
      () => secrets.close(),
    );
    const other = await startOther?.();
    if (other !== undefined) closers.push(() => other.close());
    hub = recording;
    Object.assign(process.env, {
      INSTANCE_ID: INSTANCE,
      HUB_URL: recording.url,
      HUB_SECRET_ID: "vigia/hub",
      LOG_LEVEL: "SILENT",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "stand-in",
      AWS_SECRET_ACCESS_KEY: "stand-in",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      ...other?.env,
    });
  });
  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
  });
  beforeEach(() => {
    if (hub !== null) hub.posts.length = 0;
  });
  return {
    get hub() {
      if (hub === null) throw new Error("The recording hub has not started yet. Use it inside of a test or a hook.");
      return hub;
    },
  };
}
