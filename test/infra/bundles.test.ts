import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { App } from "aws-cdk-lib";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IngestStack } from "../../infra/ingest-stack.ts";
import { startConnect } from "../../local/aws/connect.ts";
import { startContactLens } from "../../local/aws/contact-lens.ts";
import { startKinesisVideo } from "../../local/aws/kinesis-video.ts";
import { startLambda } from "../../local/aws/lambda.ts";
import { startS3 } from "../../local/aws/s3.ts";
import { startSecrets } from "../../local/aws/secrets.ts";
import { startSqs } from "../../local/aws/sqs.ts";
import { startTranscribe } from "../../local/aws/transcribe.ts";
import { callSound, seeded } from "../support/call-sound.ts";
import { startRecordingHub } from "../support/recording-hub.ts";
import { exampleWith } from "./example.ts";
import { environmentOf, functionOf, synthesise } from "./synthesised.ts";

const run = promisify(execFile);
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const HOME = `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const ENTRIES = [
  "trigger",
  "transcriber",
  "agent-events",
  "contact-lens",
  "reconcile",
  "contact-events",
  "queues",
  "watchdog",
] as const;
type Entry = (typeof ENTRIES)[number];
const SETTINGS = { contactLens: { mode: "managed" }, recording: { mode: "off" } };

/** Does what Lambda does with a bundle: loads it, calls its handler with the event, and writes the answer as JSON. */
const RUNTIME = `
const { handler } = await import(process.env.BUNDLE);
if (typeof handler !== "function") throw new Error("no handler");
const context = { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME, getRemainingTimeInMillis: () => 900_000 };
const answer = process.env.EVENT === undefined ? null : await handler(JSON.parse(process.env.EVENT), context);
console.log("\\nANSWER" + JSON.stringify(answer ?? null));
`;

const folder = mkdtempSync(join(tmpdir(), "vigia-bundles-"));
const bundles = new Map<Entry, string>();
const template = synthesise(SETTINGS);

/** Runs a bundle with the deployed environment and the overrides of this test, and without the environment of this machine. */
async function callBundle(entry: Entry, event?: unknown, environment: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", RUNTIME], {
    env: {
      ...environmentOf(functionOf(template, entry)),
      BUNDLE: pathToFileURL(bundles.get(entry) ?? "").href,
      AWS_LAMBDA_FUNCTION_NAME: entry,
      ...environment,
      ...(event !== undefined && { EVENT: JSON.stringify(event) }),
    },
    timeout: 50_000,
  });
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\nANSWER") + "\nANSWER".length));
}

type Running = { close(): Promise<void> };
const running: Running[] = [];
async function start<Service extends Running>(service: Promise<Service>): Promise<Service> {
  const started = await service;
  running.push(started);
  return started;
}

async function startClouds() {
  const contactId = randomUUID();
  const user = randomUUID();
  const [profile, status] = [randomUUID(), randomUUID()];
  const [s3, sqs, kinesisVideo, transcribe, secrets, hub, contactLens, connect] = await Promise.all([
    start(startS3({ buckets: ["checkpoints"] })),
    start(startSqs(["failed"])),
    start(startKinesisVideo({ instanceId: INSTANCE })),
    start(startTranscribe()),
    start(startSecrets({ "vigia/hub": SECRET })),
    start(startRecordingHub(INSTANCE, SECRET)),
    start(startContactLens({ instanceId: INSTANCE })),
    start(
      startConnect({
        roster: {
          instanceId: INSTANCE,
          statuses: [{ id: status, name: "Available", type: "ROUTABLE" }],
          routingProfiles: [{ id: profile, name: "Básico", queueIds: ["q1"] }],
          queues: [{ id: "q1", name: "Ventas" }],
          users: [
            {
              id: user,
              username: "jane.doe",
              firstName: "Jane",
              lastName: "Doe",
              routingProfileId: profile,
              presence: { statusId: status, since: Date.now() - 60_000, contacts: [] },
            },
          ],
        },
      }),
    ),
  ]);
  const environment: Record<string, string> = {
    HUB_URL: hub.url,
    HUB_SECRET_ID: "vigia/hub",
    TRANSCRIBER_FUNCTION: "transcriber",
    IDLE_SECONDS: "1",
    CATCH_UP_SPEED: "400",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_EC2_METADATA_DISABLED: "true",
    // A service without a stand-in refuses at once: the test never reaches AWS, and a function that waits for it fails.
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    CHECKPOINTS_BUCKET: "checkpoints",
    FAILED_QUEUE_URL: sqs.queueUrl("failed"),
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_KINESIS_VIDEO: kinesisVideo.url,
    AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_CONNECT: connect.url,
    AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: contactLens.url,
  };
  const answers: unknown[] = [];
  const transcriber = async (event: unknown) => void answers.push(await callBundle("transcriber", event, environment));
  const lambda = await start(
    startLambda({ functions: { transcriber: { handler: transcriber, timeoutMs: 50_000, maximumRetryAttempts: 0 } } }),
  );
  environment["AWS_ENDPOINT_URL_LAMBDA"] = lambda.url;
  return { s3, kinesisVideo, lambda, hub, environment, contactId, user, answers };
}

/** Returns a batch of one record, as Lambda's Kinesis event source sends it. */
const kinesisBatch = (record: unknown) => ({
  Records: [
    {
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: "shardId-000000000000:4959033",
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::111122223333:role/reader",
      awsRegion: "us-east-1",
      eventSourceARN: "arn:aws:kinesis:us-east-1:111122223333:stream/agents",
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "agent",
        sequenceNumber: "4959033",
        data: Buffer.from(JSON.stringify(record)).toString("base64"),
        approximateArrivalTimestamp: Date.now() / 1000,
      },
    },
  ],
});

let clouds: Awaited<ReturnType<typeof startClouds>>;
beforeAll(async () => {
  const { settings, instance } = exampleWith(SETTINGS);
  const app = new App({ outdir: folder });
  const stack = new IngestStack(app, settings, instance);
  const assets = v.object({ Resources: v.record(v.string(), v.looseObject({ Properties: v.optional(v.unknown()) })) });
  const made = v.parse(assets, app.synth().getStackByName(stack.stackName).template).Resources;
  for (const entry of ENTRIES) {
    const { Code } = v.parse(
      v.object({ Code: v.object({ S3Key: v.string() }) }),
      made[functionOf(template, entry).id]?.Properties,
    );
    bundles.set(entry, join(folder, `asset.${Code.S3Key.replace(".zip", "")}`, "index.mjs"));
  }
  clouds = await startClouds();
}, 120_000);
afterAll(async () => {
  // The readers of streams close first (see local/start/cloud.ts).
  for (const service of running) await service.close();
  rmSync(folder, { recursive: true });
});

describe("Bundled functions", () => {
  test.each(ENTRIES)("The bundle of %s loads on Node 24 and exports a handler.", async (entry) => {
    expect(process.versions.node.split(".")[0]).toBe("24");
    await expect(callBundle(entry)).resolves.toBeNull();
  });

  test("The bundles of trigger and transcriber turn a flow's event into turns and a score at the hub.", async () => {
    const { s3, kinesisVideo, lambda, hub, environment, contactId, answers } = clouds;
    const sound = callSound(seeded(5), 6);
    const startedAt = Date.now() - sound.lengthMs;
    const stream = kinesisVideo.stream(`vigia-connect-example-contact-center-contact-${randomUUID()}`);
    stream.write({ contactId, atMs: startedAt, fromCustomer: sound.fromCustomer, toCustomer: sound.toCustomer });
    stream.write({
      contactId: randomUUID(),
      atMs: Date.now(),
      fromCustomer: new Int16Array(8192),
      toCustomer: new Int16Array(8192),
    });
    const event = {
      Name: "ContactFlowEvent",
      Details: {
        ContactData: {
          Attributes: { transcribeCall: "true", languageCode: "en-US" },
          Channel: "VOICE",
          ContactId: contactId,
          InitialContactId: contactId,
          InstanceARN: HOME,
          MediaStreams: {
            Customer: { Audio: { StreamARN: stream.arn, StartTimestamp: String(startedAt), StartFragmentNumber: null } },
          },
        },
        Parameters: {},
      },
    };
    expect(await callBundle("trigger", event, environment)).toMatchObject({ result: "started" });
    await lambda.drain();
    expect(answers).toEqual([expect.objectContaining({ result: "ended", turns: 6, undelivered: 0 })]);
    const turns = hub.updates().filter((update) => update.type === "contact.turn" && update.final);
    expect(new Set(turns.map((turn) => "text" in turn && turn.text))).toEqual(
      new Set(sound.lines.map(({ phrase }) => phrase.text)),
    );
    expect(hub.updates().some((update) => update.type === "contact.sentiment" && update.turns === 6)).toBe(true);
    const place = expect.stringMatching(`^places/${INSTANCE}/\\d+$`);
    expect(s3.objects().map(({ key }) => key)).toEqual([`checkpoints/${INSTANCE}/${contactId}.json`, place]);
  });

  test("The bundle of agent-events posts the state of an agent.", async () => {
    const { hub, environment, user } = clouds;
    const now = new Date().toISOString();
    const record = {
      AWSAccountId: "111122223333",
      AgentARN: `${HOME}/agent/${user}`,
      InstanceARN: HOME,
      EventId: randomUUID(),
      EventTimestamp: now,
      EventType: "STATE_CHANGE",
      Version: "2017-10-01",
      CurrentAgentSnapshot: {
        AgentStatus: { ARN: `${HOME}/agent-state/${randomUUID()}`, Name: "Available", StartTimestamp: now, Type: "ROUTABLE" },
        NextAgentStatus: null,
        Configuration: {
          FirstName: "Jane",
          LastName: "Doe",
          Username: "jane.doe",
          AgentHierarchyGroups: null,
          RoutingProfile: null,
        },
        Contacts: [],
      },
      PreviousAgentSnapshot: null,
    };
    expect(await callBundle("agent-events", kinesisBatch(record), environment)).toEqual({ batchItemFailures: [] });
    expect(hub.updates()).toContainEqual(
      expect.objectContaining({ type: "agent.state", agentId: user, name: "Jane Doe", signedIn: true }),
    );
  });

  test("The bundle of contact-lens posts a turn and its sentiment without audio.", async () => {
    const { hub, environment } = clouds;
    const contactId = randomUUID();
    const Transcript = {
      Id: "t-1",
      ParticipantId: "CUSTOMER",
      ParticipantRole: "CUSTOMER",
      Content: "I cannot submit the form.",
      BeginOffsetMillis: 4700,
      EndOffsetMillis: 8690,
      Sentiment: "NEGATIVE",
    };
    const record = {
      Version: "1.0.0",
      Channel: "VOICE",
      AccountId: "111122223333",
      InstanceId: INSTANCE,
      ContactId: contactId,
      LanguageCode: "en-US",
      EventType: "SEGMENTS",
      Segments: [{ Transcript }],
    };
    expect(await callBundle("contact-lens", kinesisBatch(record), environment)).toEqual({ batchItemFailures: [] });
    expect(hub.updates()).toContainEqual(
      expect.objectContaining({ type: "contact.turn", contactId, text: "I cannot submit the form.", sentiment: "negative" }),
    );
  });

  test("The bundle of reconcile posts every signed-in agent.", async () => {
    const { hub, environment, user } = clouds;
    expect(await callBundle("reconcile", { once: true }, environment)).toMatchObject({ agents: 1, complete: true });
    const snapshot = hub.updates().find((update) => update.type === "roster.snapshot");
    expect(snapshot).toMatchObject({ agents: [expect.objectContaining({ agentId: user, name: "Jane Doe" })] });
  });

  test("The bundle of queues posts the names of the queues, and which profile serves them.", async () => {
    const { hub, environment } = clouds;
    expect(await callBundle("queues", { once: true }, environment)).toMatchObject({ queues: 1 });
    const snapshot = hub.updates().find((update) => update.type === "queue.snapshot");
    expect(snapshot).toMatchObject({ queues: [{ queueId: "q1", name: "Ventas" }], profiles: [{ queues: ["q1"] }] });
  });

  test("The bundle of contact-events posts the end of a call.", async () => {
    const { s3, hub, environment } = clouds;
    const contactId = randomUUID();
    const event = {
      version: "0",
      source: "aws.connect",
      "detail-type": "Amazon Connect Contact Event",
      time: new Date().toISOString(),
      detail: { eventType: "DISCONNECTED", contactId, initialContactId: contactId, channel: "VOICE", instanceArn: HOME },
    };
    await callBundle("contact-events", event, environment);
    expect(s3.objects().map(({ key }) => key)).toContain(`ended/${INSTANCE}/${contactId}`);
    expect(hub.updates()).toContainEqual(expect.objectContaining({ type: "contact.ended", contactId }));
  });

  test("The bundle of watchdog starts nothing while every call is in good hands.", async () => {
    expect(await callBundle("watchdog", { scheduled: true }, clouds.environment)).toEqual({ startedAgain: 0 });
  });
});
