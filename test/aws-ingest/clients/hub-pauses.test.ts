import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createHubClient } from "../../../aws-ingest/clients/hub.ts";
import { importSecrets, type SigningKeys } from "../../../protocol/signature.ts";
import { type RecordingHub, startRecordingHub } from "../../support/recording-hub.ts";
import { aTurn } from "../../support/updates.ts";

/** The pauses that the client asked for, in ms. They end at once, so that no test waits for a clock. */
const pauses = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  },
}));

const INSTANCE = "instance-1";
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const UPDATES = [aTurn()];
/** A value of Math.random() just below its limit: every pause is as long as its bound. */
const LONGEST = 1 - 2 ** -53;

let hub: RecordingHub;
let keys: SigningKeys;
beforeAll(async () => {
  keys = await importSecrets(SECRET);
});
beforeEach(async () => {
  pauses.length = 0;
  hub = await startRecordingHub(INSTANCE, SECRET);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await hub.close();
});

function client(signal?: AbortSignal) {
  const ring = { keys: () => Promise.resolve(keys) };
  return createHubClient({ hubUrl: hub.url, instanceId: INSTANCE, keys: ring, ...(signal && { signal }) });
}
const away = (times: number, headers: Record<string, string> = {}) =>
  hub.answerNext(...Array.from({ length: times }, () => ({ status: 503, headers })));

test("The client gives up after six attempts, with five pauses whose bound doubles up to 8 s.", async () => {
  vi.spyOn(Math, "random").mockReturnValue(LONGEST);
  away(7);
  expect((await client().post(UPDATES)).undelivered).toMatchObject([{ updates: UPDATES, retryable: true, reason: "503" }]);
  expect(hub.attempts).toHaveLength(6);
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000]);
});

test("The client delivers at its sixth attempt.", async () => {
  away(5);
  expect(await client().post(UPDATES)).toMatchObject({ accepted: 1, undelivered: [] });
});

test.each([408, 429, 500, 502, 599])("The client tries again after the status %i.", async (status) => {
  hub.answerNext({ status });
  expect(await client().post(UPDATES)).toMatchObject({ accepted: 1 });
  expect(pauses).toHaveLength(1);
});

test.each([
  [400, false],
  [403, true],
  [404, false],
  [413, false],
  [422, false],
])("The client does not try again after the status %i, and retryable is %s.", async (status, retryable) => {
  hub.answerNext({ status });
  expect((await client().post(UPDATES)).undelivered).toMatchObject([{ retryable, reason: String(status) }]);
  expect([hub.attempts.length, pauses]).toEqual([1, []]);
});

test("A pause is at least as long as Retry-After says, in seconds or as a date, up to 30 s.", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const now = Date.parse("2026-01-05T10:00:00Z");
  vi.spyOn(Date, "now").mockReturnValue(now);
  const date = (ms: number) => new Date(now + ms).toUTCString();
  const pauseFor = async (value: string) => {
    pauses.length = 0;
    away(1, { "retry-after": value });
    await client().post(UPDATES);
    return pauses;
  };
  expect(await pauseFor("3")).toEqual([3000]);
  expect(await pauseFor("90")).toEqual([30_000]);
  expect(await pauseFor(date(7000))).toEqual([7000]);
  expect(await pauseFor(date(-7000))).toEqual([0]);
  expect(await pauseFor("soon")).toEqual([0]);
  expect(await pauseFor("-5")).toEqual([0]);
});

test("A short Retry-After does not shorten the back-off.", async () => {
  vi.spyOn(Math, "random").mockReturnValue(LONGEST);
  away(1, { "retry-after": "0" });
  await client().post(UPDATES);
  expect(pauses).toEqual([500]);
});

test("An aborted signal ends the attempts, and the updates are retryable.", async () => {
  away(7);
  const stop = new AbortController();
  stop.abort();
  expect((await client(stop.signal).post(UPDATES)).undelivered).toMatchObject([{ retryable: true, reason: "503" }]);
  expect([hub.attempts.length, pauses]).toEqual([1, []]);
});

test("An answer that is not an answer of the hub counts as none, and the client tries again.", async () => {
  hub.answerNext({ status: 200, body: { hello: "proxy" } });
  expect(await client().post(UPDATES)).toMatchObject({ accepted: 1 });
  expect(hub.attempts).toHaveLength(2);
});

test("A refusal that names an update outside of the batch is about the whole batch.", async () => {
  const two = [aTurn({ turnId: "a" }), aTurn({ turnId: "b" })];
  hub.answerNext({ status: 400, body: { error: "invalid_update", path: "updates[2].text" } });
  expect((await client().post(two)).undelivered).toMatchObject([{ updates: two, retryable: false }]);
  hub.answerNext({ status: 400, body: { error: "invalid_update", path: "updates[1].text", message: "too long" } });
  const { accepted, undelivered } = await client().post(two);
  expect([accepted, undelivered]).toEqual([
    1,
    [{ updates: [two[1]], retryable: false, reason: "400 invalid_update updates[1].text too long" }],
  ]);
});

test("The client reads the secret again at once after a 401, once for each batch, and after no other failure.", async () => {
  vi.spyOn(Math, "random").mockReturnValue(LONGEST);
  const reads: unknown[] = [];
  const ring = { keys: (fresh: unknown) => Promise.resolve(keys).finally(() => reads.push(fresh)) };
  const signing = createHubClient({ hubUrl: hub.url, instanceId: INSTANCE, keys: ring });
  hub.answerNext({ status: 503 }, { status: 401 }, { status: 502 }, { status: 401 });
  expect((await signing.post(UPDATES)).undelivered).toMatchObject([{ retryable: true, reason: "401" }]);
  expect(reads).toEqual([false, false, true, false]);
  expect(pauses).toEqual([500, 2000]);
  reads.length = 0;
  hub.answerNext({ status: 401 });
  expect(await signing.post(UPDATES)).toMatchObject({ accepted: 1 });
  expect(reads).toEqual([false, true]);
});

test("A secret that cannot be read is retryable, and no post is sent.", async () => {
  const ring = { keys: () => Promise.reject(new TypeError("no")) };
  const unsigned = createHubClient({ hubUrl: hub.url, instanceId: INSTANCE, keys: ring });
  expect((await unsigned.post(UPDATES)).undelivered).toMatchObject([
    { retryable: true, reason: "the signing secret could not be read: TypeError" },
  ]);
  expect([hub.attempts.length, pauses.length]).toEqual([0, 5]);
});
