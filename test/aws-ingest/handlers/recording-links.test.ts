import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { startSecrets } from "../../../local/aws/secrets.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const BUCKETS = { ids: "vigia-action-ids", own: "own-recordings", connect: "calls" };
const AUDIO = "RIFF of the call";
const nobody = { instanceId: INSTANCE, statuses: [], routingProfiles: [], users: [] };

let connect: LocalConnect;
let s3: LocalS3;
let secrets: Awaited<ReturnType<typeof startSecrets>>;
let handler: (event: unknown) => Promise<{ statusCode: number; body: string }>;
const printed: string[] = [];

beforeAll(async () => {
  [connect, s3, secrets] = await Promise.all([
    startConnect({ roster: nobody, unlimited: true }),
    startS3({ buckets: Object.values(BUCKETS) }),
    startSecrets({ "vigia/actions": SECRET }),
  ]);
  Object.assign(process.env, {
    ...{ INSTANCE_ID: INSTANCE, ACTIONS_SECRET_ID: "vigia/actions", ACTION_IDS_BUCKET: BUCKETS.ids, LOG_LEVEL: "DEBUG" },
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "stand-in", AWS_SECRET_ACCESS_KEY: "stand-in" },
    AWS_ENDPOINT_URL_CONNECT: connect.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  });
  ({ handler } = await import("../../../aws-ingest/handlers/actions.ts"));
  for (const key of ["2026/11/25/own.wav", "2026/11/25/masked.json"]) await store(BUCKETS.own, key);
  await store(BUCKETS.connect, "acme/CallRecordings/2026/11/25/theirs_1.wav");
  // They are there, so only what the place says keeps them back.
  for (const key of ["elsewhere/2026/11/25/secret.wav", "acme/CallRecordings-old/x.wav", "acme/CallRecordings/chat.json"])
    await store(BUCKETS.connect, key);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([connect.close(), s3.close(), secrets.close()]);
});
beforeEach(() => {
  printed.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((words) => printed.push(String(words)) > 0);
  Object.assign(process.env, {
    RECORDING_LINKS_BUCKET: BUCKETS.own,
    CONNECT_RECORDINGS: `${BUCKETS.connect}/acme/CallRecordings`,
  });
  connect.denied.clear();
});

async function store(bucket: string, key: string): Promise<void> {
  const headers = { "content-type": "audio/wav", authorization: "AWS4-HMAC-SHA256 of a test" };
  expect((await fetch(`${s3.url}/${bucket}/${key}`, { method: "PUT", headers, body: AUDIO })).status).toBe(200);
}

let orders = 0;
async function order(contactId: string, days = ["2026-11-26", "2026-11-25"]) {
  orders += 1;
  const body = JSON.stringify({ action: "recording", instanceId: INSTANCE, agentId: "a1", contactId, days });
  const at = new Date();
  const headers = {
    "webhook-id": `order-${orders}`,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign(`order-${orders}`, at, body),
  };
  const { statusCode, body: answer } = await handler({ requestContext: { http: { method: "POST" } }, headers, body });
  return { status: statusCode, ...JSON.parse(answer) };
}

/** Lets Amazon Connect name these recordings of a contact. */
function tell(contactId: string, ...recordings: object[]): void {
  connect.contacts.set(contactId, Date.now());
  connect.recordings.set(contactId, recordings);
}
const theirs = (more: object = {}) => ({
  StorageType: "S3",
  Location: `${BUCKETS.connect}/acme/CallRecordings/2026/11/25/theirs_1.wav`,
  MediaStreamType: "AUDIO",
  Status: "AVAILABLE",
  ...more,
});

test("REC-3 The link to our own recording works for five minutes, and no log has it.", async () => {
  const before = Date.now();
  const { ok, recording } = await order("own");
  expect(ok).toBe(true);
  expect(new URL(recording.url).searchParams.get("X-Amz-Expires")).toBe("300");
  expect(recording.expiresAt - before).toBeGreaterThanOrEqual(300_000);
  expect(recording.expiresAt - before).toBeLessThan(310_000);
  expect(await (await fetch(recording.url)).text()).toBe(AUDIO);
  expect(printed.join("\n")).toContain("An order is over.");
  expect(printed.join("\n")).not.toMatch(/X-Amz|own\.wav/);
});

test("REC-3 Without one of ours it is Amazon Connect's, from the allowed place alone.", async () => {
  tell("theirs", theirs({ MediaStreamType: "VIDEO" }), theirs());
  const { recording } = await order("theirs");
  expect(await (await fetch(recording.url)).text()).toBe(AUDIO);
});

test.each([
  ["an unknown contact", []],
  ["a deleted recording", [theirs({ Status: "DELETED" })]],
  ["a place outside", [theirs({ Location: `${BUCKETS.connect}/elsewhere/2026/11/25/secret.wav` })]],
  ["a place that begins alike", [theirs({ Location: `${BUCKETS.connect}/acme/CallRecordings-old/x.wav` })]],
  ["a transcript", [theirs({ Location: `${BUCKETS.connect}/acme/CallRecordings/chat.json` })]],
  ["an object that is not there yet", [theirs({ Location: `${BUCKETS.connect}/acme/CallRecordings/late.wav` })]],
  ["a stream", [theirs({ StorageType: "KINESIS_VIDEO_STREAM" })]],
  ["no place", [{ StorageType: "S3" }]],
])("REC-3 With %s there is no recording.", async (name, recordings) => {
  if (recordings.length > 0) tell(name, ...recordings);
  expect(await order(name)).toMatchObject({ status: 200, ok: false, code: "no_recording" });
});

test("REC-5 Without a place that the stack may read, the order is refused.", async () => {
  delete process.env["RECORDING_LINKS_BUCKET"];
  delete process.env["CONNECT_RECORDINGS"];
  expect(await order("own")).toMatchObject({ status: 403, ok: false, code: "switched_off" });
});

test("REC-4 What Amazon Connect does not permit is told as that.", async () => {
  connect.denied.add("DescribeContact");
  expect(await order("denied")).toMatchObject({ status: 200, ok: false, code: "not_permitted" });
});
