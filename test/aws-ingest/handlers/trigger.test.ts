import { once } from "node:events";
import { createServer } from "node:http";
import { LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { transcriberJobSchema } from "../../../aws-ingest/call/transcriber-job.ts";
import { parseFlowEvent } from "../../../aws-ingest/connect/contact-flow-event.ts";
import { handler } from "../../../aws-ingest/handlers/trigger.ts";
import { type LocalLambda, startLambda } from "../../../local/aws/lambda.ts";
import { ServiceError } from "../../../local/aws/service.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const STREAM =
  "arn:aws:kinesisvideo:us-east-1:975050025567:stream/bebo-connect-bebopruebas-contact-37d6eff1-773f-459b-9ef5-4a90cf3b4723/1714358493195";

/** Returns the event of a web call, which has null endpoints. */
function flowEvent(change: (data: Record<string, unknown>) => void = () => {}): unknown {
  const attributes = {
    streamAudioFromCustomer: "true",
    transcribeCall: "true",
    languageCode: "en-US",
    saveCallRecording: "true",
    streamAudioToCustomer: "true",
  };
  const data: Record<string, unknown> = {
    Attributes: attributes,
    AwsRegion: "us-east-1",
    Capabilities: null,
    Channel: "VOICE",
    ContactId: CONTACT,
    CustomerEndpoint: null,
    CustomerId: null,
    Description: null,
    InitialContactId: CONTACT,
    InitiationMethod: "WEBRTC_API",
    InstanceARN: `arn:aws:connect:us-east-1:975050025567:instance/${INSTANCE}`,
    LanguageCode: "en-US",
    MediaStreams: {
      Customer: {
        Audio: {
          StartFragmentNumber: "91343852333181432392682062662105165711654869872",
          StartTimestamp: "1714363529673",
          StreamARN: STREAM,
        },
      },
    },
    Name: "Customer",
    PreviousContactId: CONTACT,
    Queue: null,
    References: {},
    RelatedContactId: null,
    SegmentAttributes: { "connect:Subtype": { ValueString: "connect:WebRTC" } },
    SystemEndpoint: null,
    Tags: attributes,
  };
  change(data);
  return { Details: { ContactData: data, Parameters: {} }, Name: "ContactFlowEvent" };
}

let lambda: LocalLambda;
let jobs: unknown[];
beforeEach(async () => {
  jobs = [];
  lambda = await startLambda({ functions: { transcriber: { handler: (event) => void jobs.push(event) } } });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    INSTANCE_ID: INSTANCE,
    TRANSCRIBER_FUNCTION: "transcriber",
    LOG_LEVEL: "SILENT",
  });
  delete process.env["LANGUAGE_MAP"];
  delete process.env["IDENTIFY_LANGUAGE"];
});
afterEach(() => lambda.close());

test("A web call without endpoints starts one transcription.", async () => {
  const close = vi.spyOn(LambdaClient.prototype, "destroy");
  expect(await handler(flowEvent())).toEqual({ result: "started", contactId: CONTACT });
  expect(close).toHaveBeenCalledTimes(1);
  close.mockRestore();
  await lambda.drain();
  expect(jobs).toHaveLength(1);
  expect(v.parse(transcriberJobSchema, jobs[0])).toMatchObject({
    contactId: CONTACT,
    initialContactId: CONTACT,
    streamArn: STREAM,
    startTimestamp: 1_714_363_529_673,
    language: { service: "call-analytics", languageCode: "en-US" },
    record: true,
    state: null,
  });
});

test("The job of a transferred call has the ids of both contacts, and no recording unless the contact asks for it.", async () => {
  const event = flowEvent((data) => {
    data["InitialContactId"] = "first-contact";
    data["Attributes"] = { transcribeCall: "true", languageCode: "en-US", saveCallRecording: "yes" };
  });
  expect(await handler(event)).toEqual({ result: "started", contactId: CONTACT });
  await lambda.drain();
  expect(v.parse(transcriberJobSchema, jobs[0])).toMatchObject({
    contactId: CONTACT,
    initialContactId: "first-contact",
    startFragment: "91343852333181432392682062662105165711654869872",
    record: false,
  });
});

test("A call whose channel is written in lower case starts a transcription.", async () => {
  expect(await handler(flowEvent((data) => (data["Channel"] = "voice")))).toEqual({ result: "started", contactId: CONTACT });
});

test("A telephone call with all its endpoints starts a transcription.", async () => {
  const event = flowEvent((data) => {
    data["CustomerEndpoint"] = { Address: "+15555550100", Type: "TELEPHONE_NUMBER" };
    data["SystemEndpoint"] = { Address: "+15555550199", Type: "TELEPHONE_NUMBER" };
    data["Queue"] = { ARN: "arn:aws:connect:us-east-1:1:queue/1", Name: "BasicQueue", OutboundCallerId: null };
    data["InitiationMethod"] = "INBOUND";
  });
  expect(await handler(event)).toEqual({ result: "started", contactId: CONTACT });
});

test.each([
  ["streamAudioFromCustomer", { customer: false, agent: true }],
  ["streamAudioToCustomer", { customer: true, agent: false }],
])("A call whose %s is false starts a job that leaves that side out.", async (attribute, sides) => {
  const attributes = { transcribeCall: " TRUE ", languageCode: "en-US", [attribute]: "False" };
  expect(await handler(flowEvent((data) => (data["Attributes"] = attributes)))).toMatchObject({ result: "started" });
  await lambda.drain();
  expect(v.parse(transcriberJobSchema, jobs[0])).toMatchObject({ sides });
});

test("A language that only standard streaming masks starts a job for standard streaming, unless masking is off.", async () => {
  const german = flowEvent((data) => (data["Attributes"] = { transcribeCall: "true", languageCode: "de-DE" }));
  await handler(german);
  process.env["REDACT_PII"] = "false";
  await handler(german);
  delete process.env["REDACT_PII"];
  await lambda.drain();
  expect(jobs).toMatchObject([
    { language: { service: "standard", languageCode: "de-DE", redaction: true } },
    { language: { service: "call-analytics", languageCode: "de-DE" } },
  ]);
});

describe("The trigger answers with a reason and starts no transcription for", () => {
  const cases: [string, (data: Record<string, unknown>) => void, string, string][] = [
    [
      "a contact whose transcribeCall is not true",
      (data) => (data["Attributes"] = { transcribeCall: "yes" }),
      "skipped",
      "transcribeCall_not_true",
    ],
    [
      "a contact of which no side may be heard",
      (data) =>
        (data["Attributes"] = { transcribeCall: "true", streamAudioFromCustomer: "false", streamAudioToCustomer: "false" }),
      "skipped",
      "both_sides_off",
    ],
    ["a contact without attributes", (data) => (data["Attributes"] = null), "skipped", "transcribeCall_not_true"],
    ["a chat", (data) => (data["Channel"] = "CHAT"), "skipped", "channel_not_voice"],
    ["a contact without media streams", (data) => (data["MediaStreams"] = {}), "skipped", "no_media_stream"],
    [
      "a contact whose media streaming did not start",
      (data) => (data["MediaStreams"] = { Customer: { Audio: null } }),
      "skipped",
      "no_media_stream",
    ],
    [
      "an unknown language",
      (data) => (data["Attributes"] = { transcribeCall: "true", languageCode: "tlh-KX" }),
      "skipped",
      "language_unknown",
    ],
    [
      "a contact of another instance",
      (data) => (data["InstanceARN"] = "arn:aws:connect:us-east-1:975050025567:instance/other"),
      "failed",
      "foreign_instance",
    ],
  ];
  test.each(cases)("%s.", async (_, change, result, reason) => {
    expect(await handler(flowEvent(change))).toEqual({ result, contactId: CONTACT, reason });
    await lambda.drain();
    expect(jobs).toEqual([]);
  });
});

test("The trigger answers after a wrong event, after wrong settings and after a transcriber that does not start.", async () => {
  expect(await handler("hello")).toEqual({ result: "failed", contactId: "unknown", reason: "bad_event" });
  expect(await handler({ Details: { ContactData: { ContactId: 7 } } })).toMatchObject({ result: "failed", reason: "bad_event" });
  process.env["LANGUAGE_MAP"] = "{";
  expect(await handler(flowEvent())).toMatchObject({ result: "failed", reason: "configuration" });
  delete process.env["LANGUAGE_MAP"];
  lambda.faults.refuse(10, new ServiceError(500, "ServiceException", "down"));
  expect(await handler(flowEvent())).toMatchObject({ result: "failed", reason: "transcriber_not_started" });
  lambda.faults.clear();
  lambda.faults.stall();
  expect(await handler(flowEvent())).toMatchObject({ result: "failed", reason: "transcriber_not_started" });
  lambda.faults.release();
});

test("The trigger tries once more when Lambda does not answer in time.", async () => {
  let attempts = 0;
  const silentAtFirst = createServer((_, response) => {
    attempts += 1;
    if (attempts > 1) response.writeHead(202).end();
  });
  await once(silentAtFirst.listen(0, "127.0.0.1"), "listening");
  process.env["AWS_ENDPOINT_URL_LAMBDA"] =
    `http://127.0.0.1:${v.parse(v.object({ port: v.number() }), silentAtFirst.address()).port}`;
  expect(await handler(flowEvent())).toEqual({ result: "started", contactId: CONTACT });
  expect(attempts).toBe(2);
  silentAtFirst.closeAllConnections();
  silentAtFirst.close();
});

test("An answer of the trigger has only letters, digits, dashes and underscores.", async () => {
  const answer = await handler(flowEvent((data) => (data["ContactId"] = "a b/c:d")));
  for (const value of Object.values(answer)) expect(value).toMatch(/^[\w-]+$/);
});

test("A refused event names its first wrong field and not the value.", () => {
  const event = flowEvent((data) => {
    data["MediaStreams"] = { Customer: { Audio: { StreamARN: "+15555550100", StartTimestamp: "1" } } };
  });
  expect(parseFlowEvent(event)).toEqual({ ok: false, path: "Details.ContactData.MediaStreams.Customer.Audio.StreamARN" });
});
