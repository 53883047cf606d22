import { readFileSync } from "node:fs";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DeadLetterQueue, openDeadLetterQueue } from "../../../aws-ingest/clients/dead-letter-queue.ts";
import { replay } from "../../../aws-ingest/handlers/replay.ts";
import { type LocalSqs, startSqs } from "../../../local/aws/sqs.ts";
import { updateSchema } from "../../../protocol/updates.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";
import { aTurn } from "../../support/updates.ts";

/** A message as release 0.1 wrote it. A deployment may happen while such messages wait in the queue. */
const OLD_MESSAGE = readFileSync(new URL("dead-letter-of-0.1.json", import.meta.url), "utf8");
const { updates: OLD_UPDATES } = v.parse(v.object({ updates: v.array(updateSchema) }), JSON.parse(OLD_MESSAGE));

let sqs: LocalSqs;
let queue: DeadLetterQueue;
const lab = readerLab(async () => {
  sqs = await startSqs(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]);
  return { env: { AWS_ENDPOINT_URL_SQS: sqs.url }, close: () => sqs.close() };
});
const names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
let name = "";
beforeEach(() => {
  name = names.shift() ?? "none";
  queue?.close();
  queue = openDeadLetterQueue(sqs.queueUrl(name));
});
beforeAll(() => () => queue.close());
afterEach(() => vi.restoreAllMocks());

/**
 * Replaces the clock of SQS. Every look at it takes 100 ms of its time, so that no receive waits for real time.
 * @param lateBy ms to add to what the clock shows
 */
function startFastClock(lateBy: () => number): void {
  let now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => {
    now += 100;
    return now + lateBy();
  });
}

/** Sends a message that this release did not write. */
async function sendRaw(body: string): Promise<void> {
  const client = new SQSClient({});
  await client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl(name), MessageBody: body }));
  client.destroy();
}
const replayQueue = () => replay({ ...process.env, DEAD_LETTER_QUEUE_URL: sqs.queueUrl(name) });

test("A replay delivers every update of a message that release 0.1 wrote, and deletes the message.", async () => {
  await sendRaw(OLD_MESSAGE);
  expect(await replayQueue()).toEqual({ delivered: OLD_UPDATES.length, left: 0, reasons: [] });
  expect(lab.hub.updates()).toEqual(OLD_UPDATES);
  expect(OLD_UPDATES.map(({ type }) => type)).toEqual(["contact.turn", "contact.sentiment", "contact.category", "contact.ended"]);
  expect(sqs.bodies(name)).toEqual([]);
});

test("A message is received as it was sent, and stays in the queue until it is deleted.", async () => {
  const message = { instanceId: INSTANCE, reason: "503", deadLetteredAt: 1, updates: [aTurn({ turnId: "a" })] };
  expect(await queue.sendMessages(message)).toBe(1);
  const [received] = await queue.receiveMessages();
  expect(received?.message).toEqual(message);
  expect(sqs.bodies(name)).toHaveLength(1);
  await received?.deleteMessage();
  expect(sqs.bodies(name)).toEqual([]);
});

test("Updates above the size of one message are split, and an update that fits into no message is left out.", async () => {
  const large = (turnId: string, bytes: number) => aTurn({ turnId, text: "ñ".repeat(bytes / 2) });
  const updates = [large("a", 90_000), large("b", 90_000), large("c", 90_000), large("d", 300_000), aTurn({ turnId: "e" })];
  expect(await queue.sendMessages({ instanceId: INSTANCE, reason: "413", deadLetteredAt: 1, updates })).toBe(4);
  const bodies = sqs.bodies(name);
  for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThan(256 * 1024);
  const sent = bodies.flatMap((body) => JSON.parse(body).updates.map((update: { turnId: string }) => update.turnId));
  expect([bodies.length, sent]).toEqual([2, ["a", "b", "c", "e"]]);
});

test("A replay leaves messages of others, broken ones and refused ones in the queue, and names each reason once.", async () => {
  await sendRaw("{");
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), instanceId: "other" }));
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), putAsideAt: undefined }));
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), updates: [] }));
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), updates: [aTurn({ turnId: "z" })] }));
  lab.hub.answerNext({ status: 413, body: { error: "too_large" } });
  const result = await replayQueue();
  expect(result).toMatchObject({ delivered: 0, left: 5 });
  expect(result.reasons.toSorted()).toEqual([
    "413 too_large",
    "a message of another instance",
    "a message that these functions did not write",
  ]);
  expect(sqs.bodies(name)).toHaveLength(5);
  expect(lab.hub.updates()).toEqual([]);
});

test("SQS hides a received message from other replays for two minutes.", async () => {
  let late = 0;
  startFastClock(() => late);
  await sendRaw(OLD_MESSAGE);
  expect(await queue.receiveMessages()).toHaveLength(1);
  late = 110_000;
  expect(await queue.receiveMessages()).toEqual([]);
  late = 120_000;
  expect(await queue.receiveMessages()).toHaveLength(1);
});

test("A replay posts a refused message once, even when it takes so long that the queue shows the message again.", async () => {
  const attempts = lab.hub.attempts.length;
  startFastClock(() => (lab.hub.attempts.length > attempts ? 130_000 : 0));
  for (const turnId of ["a", "b"]) await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), updates: [aTurn({ turnId })] }));
  lab.hub.answerNext({ status: 413 }, { status: 413 }, { status: 413 });
  expect(await replayQueue()).toEqual({ delivered: 0, left: 2, reasons: ["413"] });
  expect(lab.hub.attempts.length - attempts).toBe(2);
  lab.hub.clearOrders();
});

test("A replay delivers the updates that it can read beside one that it cannot, and leaves the message.", async () => {
  const known = lab.hub.updates().length;
  const updates = [aTurn({ turnId: "before" }), { type: "contact.from-a-later-release" }, 7, aTurn({ turnId: "behind" })];
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), updates }));
  expect(await replayQueue()).toEqual({ delivered: 2, left: 1, reasons: ["updates that this release cannot read"] });
  expect(lab.hub.updates().slice(known)).toEqual([aTurn({ turnId: "before" }), aTurn({ turnId: "behind" })]);
  expect(sqs.bodies(name)).toHaveLength(1);
});

test("A replay counts what the hub took of a message that it refuses in part.", async () => {
  const updates = [aTurn({ turnId: "taken" }), aTurn({ turnId: "refused" })];
  await sendRaw(JSON.stringify({ ...JSON.parse(OLD_MESSAGE), updates }));
  lab.hub.answerNext({ status: 400, body: { error: "invalid", path: "updates[1].text" } });
  expect(await replayQueue()).toMatchObject({ delivered: 1, left: 1 });
});

test("A message keeps characters that SQS replaces in a text.", async () => {
  const updates = [aTurn({ turnId: "a", text: "uno\uffff dos\ufffe tres\u0001 \ud83d\ude00" })];
  await queue.sendMessages({ instanceId: INSTANCE, reason: "503", deadLetteredAt: 1, updates });
  const [received] = await queue.receiveMessages();
  expect(received?.message?.updates).toEqual(updates);
});
