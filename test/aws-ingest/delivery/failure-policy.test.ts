import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, expect, test, vi } from "vitest";
import { type FailurePolicy, openDelivery } from "../../../aws-ingest/delivery/delivery.ts";
import { readHubSettings } from "../../../aws-ingest/runtime/settings.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import type { Update } from "../../../protocol/updates.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";
import type { OrderedAnswer } from "../../support/recording-hub.ts";
import { aSentiment, aTurn } from "../../support/updates.ts";

let sqs: LocalSqs;
const lab = readerLab(async () => {
  sqs = await startSqs(["dead"]);
  return { env: { AWS_ENDPOINT_URL_SQS: sqs.url }, close: () => sqs.close() };
});
/** Number of messages before the test, because the queue keeps them over the whole file. */
let before = 0;
afterEach(() => {
  sqs.faults.clear();
  lab.hub.clearOrders();
  before = sqs.bodies("dead").length;
});

/** Answers of a hub that refuses for good, and of one that may accept later (twice, because the client reads the secret again). */
const REFUSED: OrderedAnswer[] = [{ status: 413, body: { error: "too_large" } }];
const UNKNOWN: OrderedAnswer[] = Array.from({ length: 2 }, () => ({ status: 401, body: { error: "unauthorized" } }));
const NEVER = new AbortController().signal;
const UPDATES = [aTurn({ turnId: "a" }), aSentiment(1), aTurn({ turnId: "b" })];

async function deliver(policy: FailurePolicy, updates: readonly Update[], withQueue = true, timeUp = NEVER) {
  const metrics: Record<string, number> = {};
  const lines: { level: string; message: string; count: unknown; reason: unknown }[] = [];
  const logAt =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void lines.push({ level, message, count: Reflect.get(fields, "count"), reason: Reflect.get(fields, "reason") });
  const log = { debug: logAt("debug"), info: logAt("info"), warn: logAt("warn"), error: logAt("error") };
  const meter = {
    add: (name: string, value: number) => {
      metrics[name] = (metrics[name] ?? 0) + value;
    },
    flush() {},
  };
  const settings = readHubSettings({ ...process.env, ...(withQueue && { DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead") }) });
  const delivered = await openDelivery(settings, policy, timeUp, log, meter).deliver(updates);
  return {
    ...delivered,
    metrics,
    lines,
    messages: sqs
      .bodies("dead")
      .slice(before)
      .map((body) => JSON.parse(body)),
  };
}
const LOST = "Updates are lost: neither the hub nor a dead-letter queue has them.";

test("A delivery that the hub accepts counts its updates and scores, and logs nothing.", async () => {
  lab.hub.watch("contact-1");
  expect(await deliver("retry", UPDATES)).toEqual({
    watched: ["contact-1"],
    retryable: [],
    deadLettered: 0,
    metrics: { PostsAccepted: 3, Scores: 1 },
    lines: [],
    messages: [],
  });
});

test("A delivery that the hub finds stale counts as accepted, because the hub has newer updates.", async () => {
  const body = { accepted: 0, stale: 3, duplicate: false, epoch: "e", seq: 1, watched: [] };
  lab.hub.answerNext({ status: 200, body });
  expect((await deliver("retry", UPDATES)).metrics).toEqual({ PostsAccepted: 3, Scores: 1 });
});

test("A refused delivery counts no accepted update and no score, and the log has the number and the hub's reason.", async () => {
  lab.hub.answerNext(...REFUSED);
  const { metrics, lines } = await deliver("retry", UPDATES);
  expect(metrics).toEqual({ PostsRefused: 3 });
  expect(lines).toEqual([{ level: "error", message: "The hub refused updates.", count: 3, reason: "413 too_large" }]);
});

test("A delivery whose time is up posts each batch once, and hands back the updates that the hub was away for.", async () => {
  const attempts = lab.hub.attempts.length;
  lab.hub.answerNext({ status: 503, headers: { "retry-after": "30" } }, { status: 503 });
  const { retryable, metrics } = await deliver("retry", UPDATES, true, AbortSignal.abort());
  expect(retryable).toEqual(UPDATES);
  expect(metrics).toEqual({ PostsRefused: 3 });
  expect(lab.hub.attempts.length - attempts).toBe(1);
});

test("A delivery that is refused in part counts the accepted updates and their scores only.", async () => {
  const updates = [aSentiment(1), aSentiment(1, { contactId: "" }), aTurn({ turnId: "a" }), aSentiment(2, { contactId: "c" })];
  const { metrics, lines, messages } = await deliver("retry", updates);
  expect(metrics).toEqual({ PostsAccepted: 3, PostsRefused: 1, Scores: 2 });
  expect(lines).toMatchObject([{ count: 1 }]);
  expect(messages).toMatchObject([{ updates: [{ contactId: "" }] }]);
});

test("A delivery with accepted and stale updates counts both as accepted, and one without updates counts nothing.", async () => {
  const body = { accepted: 1, stale: 2, duplicate: false, epoch: "e", seq: 1, watched: [] };
  lab.hub.answerNext({ status: 200, body });
  expect((await deliver("retry", UPDATES)).metrics).toEqual({ PostsAccepted: 3, Scores: 1 });
  expect((await deliver("retry", [])).metrics).toEqual({});
});

test.each([
  ["retry", UNKNOWN, { retryable: 3, deadLettered: 0, messages: 0 }],
  ["dead-letter", UNKNOWN, { retryable: 0, deadLettered: 3, messages: 1 }],
  ["dead-letter-or-retry", UNKNOWN, { retryable: 0, deadLettered: 3, messages: 1 }],
  ["retry", REFUSED, { retryable: 0, deadLettered: 3, messages: 1 }],
  ["dead-letter", REFUSED, { retryable: 0, deadLettered: 3, messages: 1 }],
  ["dead-letter-or-retry", REFUSED, { retryable: 0, deadLettered: 3, messages: 1 }],
] as const)(
  "The policy %s sorts refused updates into those to retry and those to keep (%j).",
  async (policy, answers, sorted) => {
    lab.hub.answerNext(...answers);
    const { retryable, deadLettered, messages, lines } = await deliver(policy, UPDATES);
    expect({ retryable: retryable.length, deadLettered, messages: messages.length }).toEqual(sorted);
    for (const message of messages) expect(message).toMatchObject({ instanceId: INSTANCE, updates: UPDATES });
    expect(lines.map(({ message }) => message)).toEqual(["The hub refused updates."]);
  },
);

test.each([
  ["dead-letter", UNKNOWN, { retryable: 0, deadLettered: 3 }, true],
  ["dead-letter-or-retry", UNKNOWN, { retryable: 3, deadLettered: 0 }, false],
  ["dead-letter-or-retry", REFUSED, { retryable: 0, deadLettered: 3 }, true],
  ["retry", REFUSED, { retryable: 0, deadLettered: 3 }, true],
] as const)(
  "A dead-letter queue that refuses too: with the policy %s no update is lost silently (%j).",
  async (policy, answers, sorted, lost) => {
    lab.hub.answerNext(...answers);
    sqs.faults.refuse(10, new ServiceError(403, "AccessDenied", "no"));
    const { retryable, deadLettered, lines, messages } = await deliver(policy, UPDATES);
    expect({ retryable: retryable.length, deadLettered }).toEqual(sorted);
    expect(messages).toEqual([]);
    expect(lines.map(({ message }) => message)).toEqual([
      "The hub refused updates.",
      "The dead-letter queue refused updates.",
      ...(lost ? [LOST] : []),
    ]);
  },
);

test("Without a dead-letter queue the log says that refused updates are lost, and how many.", async () => {
  lab.hub.answerNext(...REFUSED);
  const { deadLettered, lines } = await deliver("dead-letter", UPDATES, false);
  expect(deadLettered).toBe(3);
  expect(lines.at(-1)).toMatchObject({ level: "error", message: LOST, count: 3 });
});

test("A delivery closes the queue's client, whether the queue takes the updates or refuses them.", async () => {
  const close = vi.spyOn(SQSClient.prototype, "destroy");
  lab.hub.answerNext(...REFUSED, ...REFUSED);
  await deliver("dead-letter", UPDATES);
  expect(close).toHaveBeenCalledTimes(1);
  sqs.faults.refuse(10, new ServiceError(403, "AccessDenied", "no"));
  await deliver("dead-letter", UPDATES);
  expect(close).toHaveBeenCalledTimes(2);
  close.mockRestore();
});

test("An update that is too large for a message is logged as lost, and the queue keeps the others.", async () => {
  const tooLarge = aTurn({ turnId: "large", text: "x".repeat(300_000) });
  lab.hub.answerNext(...REFUSED);
  const { deadLettered, lines, messages } = await deliver("dead-letter", [tooLarge, ...UPDATES]);
  expect(deadLettered).toBe(4);
  expect(messages).toMatchObject([{ updates: UPDATES }]);
  expect(lines.at(-1)).toMatchObject({ message: LOST, count: 1 });
});

test("A roster snapshot never goes to the dead-letter queue, and it is not logged as lost.", async () => {
  const snapshot: Update = { type: "roster.snapshot", takenAt: 1, agents: [] };
  lab.hub.answerNext(...REFUSED);
  const { deadLettered, lines, messages } = await deliver("dead-letter", [snapshot, aTurn({ turnId: "c" })]);
  expect([deadLettered, messages.length]).toEqual([2, 1]);
  expect(messages[0].updates).toMatchObject([{ turnId: "c" }]);
  lab.hub.answerNext(...REFUSED);
  const alone = await deliver("dead-letter", [snapshot], false);
  expect([alone.deadLettered, alone.lines.length, lines.length]).toEqual([1, 1, 1]);
});
