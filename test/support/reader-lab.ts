import { afterAll, beforeAll, beforeEach } from "vitest";
import { startSecrets } from "../../local/aws/secrets.ts";
import { INSTANCE, SECRET } from "./ingest-lab.ts";
import { type RecordingHub, startRecordingHub } from "./recording-hub.ts";

/** A service beside the hub, and the variables that lead to it. */
interface Beside {
  env: Record<string, string>;
  close(): Promise<void>;
}

/**
 * What surrounds a function that only reads and posts: a hub that records, its secret, the environment of a Lambda. Call it
 * once at the top of a test file; it begins and ends with the file, and the record is empty before each test.
 */
export function readerLab(startBeside?: () => Promise<Beside>): { readonly hub: RecordingHub } {
  let hub: RecordingHub | null = null;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const recording = await startRecordingHub(INSTANCE, SECRET);
    const secrets = await startSecrets({ "vigia/hub": SECRET });
    closers.push(
      () => recording.close(),
      () => secrets.close(),
    );
    const beside = await startBeside?.();
    if (beside !== undefined) closers.push(() => beside.close());
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
      ...beside?.env,
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
      if (hub === null) throw new Error("The hub starts before the first test, not before the file.");
      return hub;
    },
  };
}
