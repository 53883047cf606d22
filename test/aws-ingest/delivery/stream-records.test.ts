import { afterEach, expect, test, vi } from "vitest";
import type { RecordReading } from "../../../aws-ingest/connect/reading.ts";
import { failedFrom, readBatch } from "../../../aws-ingest/delivery/kinesis-batch.ts";
import { deliverRecords } from "../../../aws-ingest/delivery/stream-records.ts";
import { replay } from "../../../aws-ingest/handlers/replay.ts";
import { startSqs } from "../../../local/aws/sqs.ts";
import type { Update } from "../../../protocol/updates.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";
import { aTurn } from "../../support/updates.ts";

const lab = readerLab();
afterEach(() => lab.hub.clearOrders());

const encode = (text: string) => Buffer.from(text).toString("base64");
const batchOf = (...texts: string[]) => ({
  Records: texts.map((text, index) => ({
    eventID: `shardId-00000000000${index}:49`,
    kinesis: { data: encode(text), sequenceNumber: `seq-${index}`, approximateArrivalTimestamp: 1714363532.1234 + index },
  })),
});
const NOTHING = { batchItemFailures: [] };

/** Reads the word "bad" as a wrong record, "none" as one without updates, and another text as two turns of that name. */
function readText(json: unknown): RecordReading<Update[]> {
  if (json === undefined || json === "bad") return { outcome: "unreadable", reason: "the record is bad" };
  if (json === "explode") throw new RangeError("secret");
  if (json === "foreign") return { outcome: "not-mine", kind: "another-kind", detail: "" };
  if (json === "new") return { outcome: "not-mine", kind: "unknown-type", detail: "NEW" };
  if (json === "none") return { outcome: "read", value: [], flaws: { cut: 2, skipped: 1 } };
  const turns = ["a", "b"].map((part) => aTurn({ turnId: `${String(json)}-${part}` }));
  return { outcome: "read", value: turns, flaws: { cut: 0, skipped: 0 } };
}
const deliver = (event: unknown) =>
  deliverRecords(event, null, { service: "test", policy: "retry", read: ({ json }) => readText(json) });
const batch = (...words: string[]) => batchOf(...words.map((word) => JSON.stringify(word)));

test("A batch has its records in order, with shard, sequence number, arrival in whole ms, and JSON.", () => {
  expect(readBatch(batchOf('{"a":"ñ"}', "{not json"))).toEqual([
    { shard: "shardId-000000000000", sequenceNumber: "seq-0", arrivedAt: 1_714_363_532_123, json: { a: "ñ" } },
    { shard: "shardId-000000000001", sequenceNumber: "seq-1", arrivedAt: 1_714_363_533_123, json: undefined },
  ]);
});

test("A record without event id and arrival has an empty shard and the arrival 0.", () => {
  const Records = [{ kinesis: { data: encode("1"), sequenceNumber: "s" } }];
  expect(readBatch({ Records })).toEqual([{ shard: "", sequenceNumber: "s", arrivedAt: 0, json: 1 }]);
});

test.each([
  [{}, "Records is missing or wrong"],
  [{ Records: [{ kinesis: { data: "x" } }] }, "Records.0.kinesis.sequenceNumber is missing or wrong"],
  [{ Records: [{ kinesis: { data: "x", sequenceNumber: "" } }] }, "Records.0.kinesis.sequenceNumber is missing or wrong"],
  [null, "the event is missing or wrong"],
])("The event %j is refused as no Kinesis batch.", (event, message) => {
  expect(() => readBatch(event)).toThrow(message);
});

test("The answer names the first failed record only, and none when all succeeded.", () => {
  const records = readBatch(batch("a", "b", "c"));
  expect(failedFrom(records, new Set([2, 1]))).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-1" }] });
  expect(failedFrom(records, new Set())).toEqual(NOTHING);
});

test("All records of a batch are posted in order in one post.", async () => {
  lab.hub.watch("contact-1");
  expect(await deliver(batch("x", "none", "y"))).toEqual({ answer: NOTHING, watched: ["contact-1"] });
  const posted = lab.hub.posts.map(({ updates }) => updates.map((update) => "turnId" in update && update.turnId));
  expect(posted).toEqual([["x-a", "x-b", "y-a", "y-b"]]);
});

test("A batch without updates posts nothing.", async () => {
  const before = lab.hub.attempts.length;
  expect(await deliver(batch("none"))).toEqual({ answer: NOTHING, watched: [] });
  expect(lab.hub.attempts).toHaveLength(before);
});

test("Records that are bad, foreign or unknown are not repeated, and the records around them are posted.", async () => {
  const { answer } = await deliver(batch("x", "bad", "foreign", "new", "explode", "y"));
  expect(answer).toEqual(NOTHING);
  expect(lab.hub.updates()).toHaveLength(4);
});

test("Each passed-over record is counted once, by what it is, and so are cut values and skipped members.", async () => {
  const words = ["bad", "explode", ...Array.from({ length: 20 }, () => "foreign"), "new", "new", "none", "x"];
  expect(await emittedMetrics(() => deliver(batch(...words)))).toEqual({
    RecordsRefused: 2,
    RecordsForeign: 20,
    RecordsUnknown: 2,
    ValuesCut: 2,
    MembersSkipped: 1,
    PostsAccepted: 2,
  });
});

test("A batch that is older than its limit gets one attempt, and its content goes to the dead-letter queue.", async () => {
  const sqs = await startSqs(["dead"]);
  Object.assign(process.env, { DEAD_LETTER_QUEUE_URL: sqs.queueUrl("dead"), AWS_ENDPOINT_URL_SQS: sqs.url });
  try {
    const reader = { service: "test", policy: "retry", read: ({ json }: { json: unknown }) => readText(json) } as const;
    const arrived = (ageMs: number) => {
      const { Records } = batch("x");
      const approximateArrivalTimestamp = (Date.now() - ageMs) / 1000;
      return { Records: Records.map(({ kinesis }) => ({ kinesis: { ...kinesis, approximateArrivalTimestamp } })) };
    };
    const attempts = lab.hub.attempts.length;
    lab.hub.answerNext({ status: 503 });
    const late = await deliverRecords(arrived(61_000), null, { ...reader, retryForMs: 60_000 });
    expect(late.answer).toEqual(NOTHING);
    expect(lab.hub.attempts.length - attempts).toBe(1);
    expect(sqs.bodies("dead").map((body) => JSON.parse(body))).toMatchObject([
      { updates: [{ turnId: "x-a" }, { turnId: "x-b" }] },
    ]);
    lab.hub.answerNext({ status: 401 }, { status: 401 });
    const early = await deliverRecords(arrived(30_000), null, { ...reader, retryForMs: 60_000 });
    expect(early.answer).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-0" }] });
    expect(sqs.bodies("dead")).toHaveLength(1);
    expect(await replay(process.env)).toMatchObject({ delivered: 2, left: 0 });
  } finally {
    for (const name of ["DEAD_LETTER_QUEUE_URL", "AWS_ENDPOINT_URL_SQS"]) delete process.env[name];
    await sqs.close();
  }
});

test("Records that the hub may accept later fail, from the first of them on.", async () => {
  lab.hub.answerNext({ status: 401 }, { status: 401 });
  expect((await deliver(batch("none", "x", "y"))).answer).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-1" }] });
});

test("A record that the hub refuses for good does not fail, because a repeat cannot succeed.", async () => {
  lab.hub.answerNext({ status: 413 });
  expect((await deliver(batch("x"))).answer).toEqual(NOTHING);
});

test("The reader of a record gets the instance id of the settings, the arrival and the shard.", async () => {
  const seen: unknown[] = [];
  await deliverRecords(batch("x"), null, {
    service: "test",
    policy: "retry",
    read({ arrivedAt, shard }, { instanceId }) {
      seen.push([instanceId, arrivedAt, shard]);
      return { outcome: "read", value: [], flaws: { cut: 0, skipped: 0 } };
    },
  });
  expect(seen).toEqual([[INSTANCE, 1_714_363_532_123, "shardId-000000000000"]]);
});

test("A refused record is counted, and logged with its sequence number and without its content.", async () => {
  const lines: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0),
  );
  Object.assign(process.env, { LOG_LEVEL: "INFO", POWERTOOLS_METRICS_NAMESPACE: "vigia-test" });
  try {
    await deliver(batch("x", "bad"));
  } finally {
    for (const spy of spies) spy.mockRestore();
    delete process.env["POWERTOOLS_METRICS_NAMESPACE"];
    process.env["LOG_LEVEL"] = "SILENT";
  }
  const output = lines.join("\n");
  expect(output).toMatch(/"RecordsRefused":1\b/);
  expect(output).toMatch(/"PostsAccepted":2\b/);
  expect(output).toMatch(/"sequenceNumber":"seq-1"/);
  expect(output).toContain("the record is bad");
  expect(output).not.toContain(aTurn().text);
});
