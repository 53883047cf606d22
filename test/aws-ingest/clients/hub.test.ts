import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batchesOf, createHubClient } from "../../../aws-ingest/clients/hub.ts";
import { keyRing } from "../../../aws-ingest/clients/secrets.ts";
import { type LocalSecrets, startSecrets } from "../../../local/aws/secrets.ts";
import { MAX_BODY_BYTES, MAX_UPDATES } from "../../../protocol/updates.ts";
import { type RecordingHub, startRecordingHub } from "../../support/recording-hub.ts";
import { anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../../support/updates.ts";

const INSTANCE = "instance-1";
const OLD = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

let hub: RecordingHub;
let secrets: LocalSecrets;
let secretId = "";
let tests = 0;
beforeEach(async () => {
  tests += 1;
  secretId = `hub-${tests}`;
  hub = await startRecordingHub(INSTANCE, OLD);
  secrets = await startSecrets({ [secretId]: OLD });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  });
});
afterEach(async () => {
  await hub.close();
  await secrets.close();
});

function client() {
  return createHubClient({ hubUrl: hub.url, instanceId: INSTANCE, keys: keyRing(secretId) });
}
const UPDATES = [aTurn({ turnId: "a" }), aTurn({ turnId: "b" })];

test("A batch keeps its webhook-id over all attempts, and the hub stores it once.", async () => {
  hub.answerNext({ status: 503 }, { status: 200, cut: true }, { status: 429, headers: { "retry-after": "0" } });
  const delivery = await client().post(UPDATES);
  expect(delivery).toMatchObject({ accepted: 2, undelivered: [] });
  expect(hub.attempts.map(({ status }) => status)).toEqual([503, 0, 429, 200]);
  expect(new Set(hub.attempts.map(({ webhookId }) => webhookId)).size).toBe(1);
  expect(hub.posts).toHaveLength(1);
});

test("The client reads the secret again after a 401, and once for each post.", async () => {
  const hubClient = client();
  await hubClient.post(UPDATES);
  expect(secrets.reads()).toBe(1);
  secrets.putSecretValue(secretId, `${NEW} ${OLD}`);
  hub.useSecrets(NEW);
  expect(await hubClient.post(UPDATES)).toMatchObject({ accepted: 2, undelivered: [] });
  expect(secrets.reads()).toBe(2);
  hub.useSecrets(`whsec_${Buffer.alloc(32, 3).toString("base64")}`);
  const refused = await hubClient.post(UPDATES);
  expect(refused.undelivered).toMatchObject([{ updates: UPDATES, retryable: true, reason: "401 unauthorized" }]);
  expect(secrets.reads()).toBe(3);
});

test("One wrong update is reported in the hub's words, and the other updates of its batch are delivered.", async () => {
  const wrong = aTurn({ turnId: "" });
  const delivery = await client().post([UPDATES[0] ?? wrong, wrong, UPDATES[1] ?? wrong]);
  expect(delivery.accepted).toBe(2);
  expect(delivery.undelivered).toMatchObject([{ updates: [wrong], retryable: false }]);
  expect(delivery.undelivered[0]?.reason).toMatch(/^400 invalid_update updates\[1\]\.turnId /);
  expect(hub.updates()).toEqual(UPDATES);
});

test("TRN-5 An older hub gets the rest of a batch, and for ten minutes no update of the type that it does not know.", async () => {
  const unknown = (index: number) => ({
    status: 400,
    body: { error: "invalid_update", path: `updates[${index}].type`, message: "Invalid type." },
  });
  const news = [aTurn(), aTranscription("live"), aSentiment(1), aTranscription("ended", { occurredAt: NOON + 1 })];
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    hub.answerNext(unknown(1));
    const delivery = await client().post(news);
    expect(delivery).toMatchObject({ accepted: 2, undelivered: [{ updates: [news[1]], retryable: false }] });
    expect(await client().post(news)).toMatchObject({ accepted: 2, undelivered: [] });
    expect(hub.attempts).toHaveLength(3);
    expect(hub.updates().map(({ type }) => type)).not.toContain("contact.transcription");
    vi.setSystemTime(Date.now() + 10 * 60_000);
    expect(await client().post(news)).toMatchObject({ accepted: 4, undelivered: [] });
  } finally {
    vi.useRealTimers();
  }
});

test("TRN-5 A transcription that is wrong for another reason is reported every time.", async () => {
  const wrong = aTranscription("live", { contactId: "" });
  for (let round = 0; round < 2; round += 1) {
    expect(await client().post([wrong])).toMatchObject({ accepted: 0, undelivered: [{ updates: [wrong] }] });
  }
});

test("The client does not retry a final refusal, and it reports updates as retryable when the hub is away.", async () => {
  hub.answerNext({ status: 413, body: { error: "too_large" } });
  expect((await client().post(UPDATES)).undelivered).toMatchObject([{ retryable: false, reason: "413 too_large" }]);
  expect(hub.attempts).toHaveLength(1);
  await hub.close();
  const stop = new AbortController();
  const away = createHubClient({ hubUrl: hub.url, instanceId: INSTANCE, keys: keyRing(secretId), signal: stop.signal });
  stop.abort();
  expect((await away.post(UPDATES)).undelivered).toMatchObject([
    { retryable: true, reason: "no answer from the hub: TypeError" },
  ]);
});

test("The result has the watched contacts of all batches.", async () => {
  hub.watch("contact-1");
  const many = Array.from({ length: 600 }, (_, index) => aTurn({ turnId: String(index) }));
  expect((await client().post(many)).watched).toContain("contact-1");
  expect(hub.posts.map((post) => post.updates.length)).toEqual([500, 100]);
});

test("Batches have every update once, in order, within the hub's limits.", () => {
  const update = fc.oneof(
    fc.string({ maxLength: 50 }).map((text) => aTurn({ text })),
    fc.integer({ min: 100, max: 900 }).map((size) => aTurn({ text: "ñ".repeat(size * 10) })),
    fc.string({ maxLength: 50 }).map((name) => anAgentState({ name })),
  );
  fc.assert(
    fc.property(fc.array(update, { maxLength: 400 }), fc.integer({ min: 1, max: 4 }), (some, times) => {
      const updates = Array.from({ length: times }, () => some).flat();
      const batches = batchesOf(updates);
      expect(batches.flatMap((batch) => batch.updates)).toEqual(updates);
      for (const { updates: batch, body } of batches) {
        expect(batch.length).toBeLessThanOrEqual(MAX_UPDATES);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
        expect(JSON.parse(body)).toEqual({ updates: JSON.parse(JSON.stringify(batch)) });
      }
    }),
    { numRuns: 30 },
  );
});
