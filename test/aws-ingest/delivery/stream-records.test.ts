import { afterEach, expect, test, vi } from "vitest";
import { failedFrom, readBatch } from "../../../aws-ingest/delivery/kinesis-batch.ts";
import { deliverRecords, type ReadRecord } from "../../../aws-ingest/delivery/stream-records.ts";
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
function readText(json: unknown): ReadRecord {
  if (json === undefined || json === "bad") return { ok: false, reason: "the record is bad" };
  if (json === "none") return { ok: true, updates: [] };
  return { ok: true, updates: ["a", "b"].map((part) => aTurn({ turnId: `${String(json)}-${part}` })) };
}
const deliver = (event: unknown) => deliverRecords("test", event, null, "retry", ({ json }) => readText(json));
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

test("A bad record fails alone, and the records before and after it are posted.", async () => {
  const { answer } = await deliver(batch("x", "bad", "y", "bad"));
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-1" }] });
  expect(lab.hub.updates()).toHaveLength(4);
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
  await deliverRecords("test", batch("x"), null, "retry", ({ arrivedAt, shard }, { instanceId }) => {
    seen.push([instanceId, arrivedAt, shard]);
    return { ok: true, updates: [] };
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
