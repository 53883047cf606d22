import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openPlaces } from "../../../aws-ingest/clients/places.ts";
import { handler } from "../../../aws-ingest/handlers/trigger.ts";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";
import { startS3 } from "../../../local/aws/s3.ts";
import { type LocalSecrets, startSecrets } from "../../../local/aws/secrets.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type RecordingHub, startRecordingHub } from "../../support/recording-hub.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const CONTACT = { contactId: "call-2", initialContactId: "call-1" };

let hub: RecordingHub;
let lambda: LocalLambda;
let secrets: LocalSecrets;
let tests = 0;
beforeEach(async () => {
  tests += 1;
  const secretId = `trigger-${tests}`;
  hub = await startRecordingHub(INSTANCE, SECRET);
  lambda = await startLambda({ functions: { transcriber: { handler: () => null } } });
  secrets = await startSecrets({ [secretId]: SECRET });
  for (const [name, value] of Object.entries({
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    INSTANCE_ID: INSTANCE,
    HUB_URL: hub.url,
    HUB_SECRET_ID: secretId,
    TRANSCRIBER_FUNCTION: "transcriber",
    LOG_LEVEL: "SILENT",
  }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([hub.close(), lambda.close(), secrets.close()]);
});

const STREAM = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x-contact-1/1714358493195";

function flowEvent(change: Record<string, unknown> = {}): unknown {
  const ContactData = {
    Attributes: { transcribeCall: "true", languageCode: "en-US" },
    Channel: "VOICE",
    ContactId: CONTACT.contactId,
    InitialContactId: CONTACT.initialContactId,
    InstanceARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`,
    MediaStreams: { Customer: { Audio: { StreamARN: STREAM, StartTimestamp: "1714363529673" } } },
    ...change,
  };
  return { Name: "ContactFlowEvent", Details: { ContactData, Parameters: {} } };
}

describe("The trigger", () => {
  test("TRN-4 It tells the hub that a call is listened to when it has started the transcriber.", async () => {
    expect(await handler(flowEvent())).toMatchObject({ result: "started" });
    expect(hub.updates()).toEqual([{ type: "contact.transcription", ...CONTACT, state: "live", occurredAt: expect.any(Number) }]);
  });

  test("TRN-6 It answers queued and tells the hub that a call waits, when all places are taken.", async () => {
    const s3 = await startS3({ buckets: ["checkpoints"] });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", s3.url);
    vi.stubEnv("CHECKPOINTS_BUCKET", "checkpoints");
    vi.stubEnv("MAX_CALLS", "1");
    const places = openPlaces("checkpoints", INSTANCE);
    try {
      expect(await handler(flowEvent())).toMatchObject({ result: "started" });
      await places.writePlace(0, "call-0", null);
      expect(await handler(flowEvent())).toEqual({ result: "queued", contactId: "call-2" });
      expect(hub.updates()).toMatchObject([{ state: "live" }, { ...CONTACT, state: "waiting" }]);
      expect(lambda.invocations().filter(({ functionName }) => functionName === "transcriber")).toHaveLength(2);
    } finally {
      places.close();
      await s3.close();
    }
  });

  test("It answers started when nobody can say in time whether a place is free.", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9");
    vi.stubEnv("CHECKPOINTS_BUCKET", "checkpoints");
    vi.stubEnv("MAX_CALLS", "1");
    expect(await handler(flowEvent())).toMatchObject({ result: "started" });
    expect(hub.updates()).toMatchObject([{ state: "live" }]);
  });

  test.each([
    ["did not ask for it", { Attributes: { transcribeCall: "false" } }],
    ["has no media stream", { MediaStreams: {} }],
    ["has a language that nobody transcribes", { Attributes: { transcribeCall: "true", languageCode: "tlh-KX" } }],
  ])("TRN-4 It tells the hub that a call is not listened to which %s.", async (_, change) => {
    expect(await handler(flowEvent(change))).toMatchObject({ result: "skipped" });
    expect(hub.updates()).toMatchObject([{ ...CONTACT, state: "off" }]);
  });

  test.each([
    ["a chat", { Channel: "CHAT" }],
    ["a contact of another instance", { InstanceARN: "arn:aws:connect:us-east-1:111122223333:instance/other" }],
    ["an event that it cannot read", { ContactId: 7 }],
  ])("TRN-4 It tells the hub nothing of %s.", async (_, change) => {
    await handler(flowEvent(change));
    expect(hub.attempts).toEqual([]);
  });

  test("TRN-4 It tells the hub that the transcription failed when the transcriber does not start.", async () => {
    lambda.faults.refuse(10, new ServiceError(404, "ResourceNotFoundException", "gone"));
    expect(await handler(flowEvent())).toMatchObject({ result: "failed", reason: "transcriber_not_started" });
    const states = hub.updates().flatMap((update) => (update.type === "contact.transcription" ? [update] : []));
    expect(states.toSorted((a, b) => a.occurredAt - b.occurredAt).at(-1)?.state).toBe("failed");
  });

  test("It starts the transcriber when the hub refuses its news or its own settings of the hub are missing.", async () => {
    hub.answerNext({ status: 401 }, { status: 401 });
    expect(await handler(flowEvent())).toMatchObject({ result: "started" });
    vi.stubEnv("HUB_URL", undefined);
    expect(await handler(flowEvent())).toMatchObject({ result: "started" });
    expect(hub.updates()).toEqual([]);
    await lambda.drain();
    expect(lambda.invocations()).toHaveLength(2);
  });

  test("It answers the flow within its two seconds although the hub hangs or cannot be reached.", async () => {
    const answers: unknown[] = [];
    secrets.faults.stall();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    try {
      for (const change of [{}, { Attributes: null }]) {
        const answer = handler(flowEvent(change)).then((value) => answers.push(value));
        await vi.advanceTimersByTimeAsync(1_600);
        await answer;
      }
    } finally {
      vi.useRealTimers();
      secrets.faults.release();
    }
    expect(answers).toMatchObject([{ result: "started" }, { result: "skipped" }]);
  });
});
