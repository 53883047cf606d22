import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fetchCallAnalysis } from "../../../aws-ingest/clients/contact-analysis.ts";
import { type LocalContactLens, startContactLens } from "../../../local/aws/contact-lens.ts";
import { SIGNATURE_SCHEME } from "../../../local/aws/service.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const PATH = "/realtime-contact-analysis/analysis-segments";
const TURN = {
  Transcript: {
    Id: "t-1",
    ParticipantId: "CUSTOMER",
    ParticipantRole: "CUSTOMER",
    Content: "words",
    BeginOffsetMillis: 0,
    EndOffsetMillis: 900,
    Sentiment: "POSITIVE",
  },
};

let service: LocalContactLens;
beforeAll(async () => {
  service = await startContactLens({ instanceId: INSTANCE, requestsPerSecond: 1000, burst: 1000 });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: service.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
  });
  service.addSegments("call-1", [TURN, { Utterance: { Id: "u-1" } }]);
});
afterAll(() => service.close());
beforeEach(() => service.faults.clear());

const inAMinute = () => Date.now() + 60_000;
const signedBy = (scope: string) => `${SIGNATURE_SCHEME}Credential=id/20261123/us-east-1/${scope}/aws4_request, Signature=0`;
async function ask(body: unknown, authorization: string | null = signedBy("connect"), path = PATH) {
  const headers = { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${service.url}${path}`, { method: "POST", headers, body: text });
  return { status: response.status, error: response.headers.get("x-amzn-errortype") };
}

test("Contact Lens lists a contact's segments page by page, without the utterances of the stream.", async () => {
  service.addSegments(
    "long",
    Array.from({ length: 250 }, (_, index) => ({ Transcript: { ...TURN.Transcript, Id: `t-${index}` } })),
  );
  const all = await fetchCallAnalysis(INSTANCE, { ContactId: "long" }, inAMinute());
  expect(all.ok && all.segments.map(({ Transcript }) => Transcript?.Id)).toEqual(
    Array.from({ length: 250 }, (_, index) => `t-${index}`),
  );
  expect(await fetchCallAnalysis(INSTANCE, { ContactId: "call-1" }, inAMinute())).toMatchObject({
    ok: true,
    segments: [{ Transcript: { Id: "t-1" } }],
  });
});

test.each([
  ["another instance's contact", { InstanceId: "other", ContactId: "call-1" }, 404, "ResourceNotFoundException"],
  ["a contact without an analysis", { InstanceId: INSTANCE, ContactId: "call-9" }, 404, "ResourceNotFoundException"],
  ["a request without a contact", { InstanceId: INSTANCE }, 400, "InvalidRequestException"],
  ["a page that is too large", { InstanceId: INSTANCE, ContactId: "call-1", MaxResults: 101 }, 400, "InvalidRequestException"],
  ["a made-up token", { InstanceId: INSTANCE, ContactId: "call-1", NextToken: "" }, 400, "InvalidRequestException"],
  ["a body that is not JSON", "{", 400, "SerializationException"],
])("Contact Lens refuses %s.", async (_, body, status, error) => {
  expect(await ask(body)).toEqual({ status, error });
});

test("Contact Lens refuses a request without a signature, with another service's signature, or for another operation.", async () => {
  const body = { InstanceId: INSTANCE, ContactId: "call-1" };
  expect(await ask(body, null)).toMatchObject({ status: 403, error: "MissingAuthenticationTokenException" });
  expect(await ask(body, signedBy("contact-lens"))).toMatchObject({ status: 403, error: "InvalidSignatureException" });
  expect(await ask(body, signedBy("connect"), "/elsewhere")).toMatchObject({ status: 404 });
});

test("Contact Lens allows a burst of two requests by default and throttles the third.", async () => {
  const strict = await startContactLens({ instanceId: INSTANCE });
  const send = () =>
    fetch(`${strict.url}${PATH}`, { method: "POST", headers: { authorization: signedBy("connect") }, body: "{}" });
  const answers = [await send(), await send(), await send()];
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 429]);
  expect(answers[2]?.headers.get("x-amzn-errortype")).toBe("ThrottlingException");
  await strict.close();
});

test("A request for an analysis fails with a reason when its deadline has passed.", async () => {
  expect(await fetchCallAnalysis(INSTANCE, { ContactId: "call-1" }, Date.now() - 1)).toEqual({
    ok: false,
    retryable: true,
    reason: "the time for the request is over",
  });
});

test("Contact Lens forgets a contact of which nothing came for a quarter of an hour, and no other.", async () => {
  let now = 0;
  const lens = await startContactLens({ instanceId: INSTANCE, requestsPerSecond: 1000, burst: 1000, now: () => now });
  const statusOf = async (contactId: string) => {
    const headers = { "content-type": "application/json", authorization: signedBy("connect") };
    const body = JSON.stringify({ InstanceId: INSTANCE, ContactId: contactId });
    return (await fetch(`${lens.url}${PATH}`, { method: "POST", headers, body })).status;
  };
  lens.addSegments("over", [TURN]);
  lens.addSegments("long", [TURN]);
  now = 10 * 60_000;
  lens.addSegments("long", [TURN]);
  now = 16 * 60_000;
  lens.addSegments("new", [TURN]);
  expect(await Promise.all(["over", "long", "new"].map(statusOf))).toEqual([404, 200, 200]);
  await lens.close();
});
