import { expect, test } from "vitest";
import { readLensRecord } from "../../../aws-ingest/connect/contact-lens-segment.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { record, transcript } from "../../support/lens-records.ts";

test.each([
  [undefined, "the record is not JSON"],
  [null, "the record is no JSON object"],
  [{ ...record("c", {}), ContactId: 7 }, "ContactId is missing or wrong"],
  [{ ...record("c", {}), InstanceId: 7 }, "InstanceId is missing or wrong"],
  [{ ...record("c", {}), Segments: "all" }, "Segments is missing or wrong"],
])("A record of Contact Lens is refused with its reason (%#).", (json, reason) => {
  expect(readLensRecord(json, INSTANCE)).toEqual({ outcome: "unreadable", reason });
});

test.each([
  [record("c", { InstanceId: "other" }), { kind: "another-instance" }],
  [record("c", { Channel: "CHAT", Version: "2.0.0" }), { kind: "another-kind" }],
  [{ AgentARN: "arn", EventType: "LOGIN" }, { kind: "another-kind" }],
  [{ AWSContactTraceRecordFormatVersion: "2017-03-10", Channel: "VOICE", InstanceARN: "arn" }, { kind: "another-kind" }],
  [record("c", { Version: "3.0.0" }), { kind: "unknown-version", detail: "3.0.0" }],
  [record("c", { EventType: "PAUSED" }), { kind: "unknown-type", detail: "PAUSED" }],
])("A record that is not ours is passed over (%#).", (json, expected) => {
  expect(readLensRecord(json, INSTANCE)).toMatchObject({ outcome: "not-mine", ...expected });
});

test("A later minor version is read, because it only adds fields.", () => {
  expect(readLensRecord(record("c", { Version: "1.2.0" }), INSTANCE)).toMatchObject({ outcome: "read" });
});

test("A segment that cannot be read costs only itself, and a kind that is not known costs nothing.", () => {
  const good = transcript("1", "CUSTOMER", 0, 900, "POSITIVE");
  const Segments = [
    null,
    transcript("2", "CUSTOMER", -5, 900, "POSITIVE"),
    { Transcript: { ...good.Transcript, Content: null } },
    { Transcript: { ...good.Transcript, Id: "3", Sentiment: null, IssuesDetected: null } },
    {
      Transcript: {
        ...good.Transcript,
        Id: "4",
        Sentiment: "CALM",
        IssuesDetected: [null, { CharacterOffsets: { BeginOffsetChar: 0, EndOffsetChar: 2 } }],
      },
    },
    { Categories: { MatchedCategories: ["PortalIssue", null, ""] } },
    { PostContactSummary: { Content: "…", Status: "COMPLETED" } },
    { Utterance: null, Transcript: null },
  ];
  expect(readLensRecord(record("c", { Segments }), INSTANCE)).toMatchObject({
    value: {
      Segments: [
        { Transcript: { Id: "3", Sentiment: null, IssuesDetected: [] } },
        { Transcript: { Id: "4", Sentiment: null, IssuesDetected: [{ CharacterOffsets: { EndOffsetChar: 2 } }] } },
        { Categories: { MatchedCategories: ["PortalIssue"] } },
        {},
        {},
      ],
    },
    flaws: { cut: 0, skipped: 6 },
  });
});

test("Turns, categories and ids that are too long are cut, and counted.", () => {
  const Segments = [
    transcript("t".repeat(300), "AGENT", 0, 900, "NEUTRAL", "🥪".repeat(20_000)),
    { Categories: { MatchedCategories: ["x".repeat(300)] } },
  ];
  const reading = readLensRecord(record("c", { Segments }), INSTANCE);
  if (reading.outcome !== "read") throw new Error(reading.outcome);
  const [turn, categories] = reading.value.Segments ?? [];
  expect(turn?.Transcript?.Content).toBe(`${"🥪".repeat(9999)}…`);
  expect(turn?.Transcript?.Id).toHaveLength(256);
  expect(categories?.Categories?.MatchedCategories).toEqual([`${"x".repeat(255)}…`]);
  expect(reading.flaws).toEqual({ cut: 3, skipped: 0 });
});
