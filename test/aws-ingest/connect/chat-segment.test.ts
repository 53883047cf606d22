import { expect, test } from "vitest";
import { readChatRecord } from "../../../aws-ingest/connect/chat-segment.ts";
import { categoryOf, chatRecord, issueOf, message, WRITTEN } from "../../support/chat-records.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";

test.each([
  [{ ...chatRecord("c"), ContactId: 7 }, "ContactId is missing or wrong"],
  [{ ...chatRecord("c"), InstanceId: null }, "InstanceId is missing or wrong"],
  [{ ...chatRecord("c"), Segments: "all" }, "Segments is missing or wrong"],
  [{ ...chatRecord("c"), StreamingEventType: undefined }, "StreamingEventType is missing or wrong"],
])("A chat record of Contact Lens is refused with its reason (%#).", (json, reason) => {
  expect(readChatRecord(json, INSTANCE)).toEqual({ outcome: "unreadable", reason });
});

test.each([
  [chatRecord("c", { InstanceId: "other" }), { kind: "another-instance" }],
  [{ AWSContactTraceRecordFormatVersion: "2017-03-10", Channel: "CHAT", InstanceARN: "arn" }, { kind: "another-kind" }],
  [chatRecord("c", { Version: "1.0.0" }), { kind: "unknown-version", detail: "1.0.0" }],
  [chatRecord("c", { Version: "3.0.0" }), { kind: "unknown-version", detail: "3.0.0" }],
  [chatRecord("c", { StreamingEventType: "PAUSED" }), { kind: "unknown-type", detail: "PAUSED" }],
])("A chat record that is not for this release is passed over (%#).", (json, expected) => {
  expect(readChatRecord(json, INSTANCE)).toMatchObject({ outcome: "not-mine", ...expected });
});

test("A later minor version of a chat record is read, because it only adds fields.", () => {
  expect(readChatRecord(chatRecord("c", { Version: "2.3.0" }), INSTANCE)).toMatchObject({ outcome: "read" });
});

test("CHT-3 Where Contact Lens also writes redacted messages, the raw ones are passed over.", () => {
  const raw = (Output: string | undefined) =>
    readChatRecord(chatRecord("c", { OutputType: "Raw", StreamingSettings: { LanguageCode: "en-US", Output } }), INSTANCE);
  for (const output of ["RedactedAndRaw", "Redacted", "RawAndRedacted", undefined])
    expect(raw(output)).toMatchObject({ outcome: "not-mine", kind: "another-kind" });
  expect(raw("Raw")).toMatchObject({ outcome: "read", value: { Output: "Raw" } });
  expect(readChatRecord(chatRecord("c"), INSTANCE)).toMatchObject({ outcome: "read", value: { Output: "Redacted" } });
});

test("The beginning and the end of a chat are read whatever output they name.", () => {
  for (const StreamingEventType of ["STARTED", "COMPLETED", "FAILED"])
    expect(readChatRecord(chatRecord("c", { StreamingEventType, OutputType: "Raw" }), INSTANCE)).toMatchObject({
      outcome: "read",
      value: { EventType: StreamingEventType },
    });
});

test("CHT-2 A chat record has messages, issues, categories and the times of what else happened.", () => {
  const Segments = [
    message("1", "CUSTOMER", 1000, "NEGATIVE", "My order never came."),
    message("2", "CUSTOM_BOT", 2000),
    issueOf("1", 0, 20),
    categoryOf("LateOrder"),
    { Categories: { MatchedCategories: ["Old", "LateOrder"], MatchedDetails: { LateOrder: {} } } },
    {
      Event: {
        Id: "e",
        EventType: "application/vnd.amazonaws.connect.event.participant.joined",
        Time: { AbsoluteTime: at(-500) },
      },
    },
    {
      Attachments: {
        Id: "f",
        ParticipantRole: "CUSTOMER",
        Attachments: [{ AttachmentName: "x" }],
        Time: { AbsoluteTime: at(700) },
      },
    },
    { PostContactSummary: { Content: "…", Status: "COMPLETED" } },
    { SomethingNew: {} },
  ];
  const reading = readChatRecord(chatRecord("c", { Segments }), INSTANCE);
  expect(reading).toMatchObject({ outcome: "read", flaws: { cut: 0, skipped: 0 } });
  expect(reading.outcome === "read" && reading.value.Segments).toEqual([
    { kind: "message", turnId: "1", role: "customer", at: WRITTEN + 1000, text: "My order never came.", sentiment: "negative" },
    { kind: "time", at: WRITTEN + 2000 },
    { kind: "issue", turnId: "1", offsets: { begin: 0, end: 20 } },
    { kind: "category", name: "LateOrder" },
    { kind: "category", name: "Old" },
    { kind: "category", name: "LateOrder" },
    { kind: "time", at: WRITTEN - 500 },
    { kind: "time", at: WRITTEN + 700 },
  ]);
});

test("A segment of a chat that cannot be read costs only itself and is counted.", () => {
  const good = message("1", "CUSTOMER", 0).Transcript;
  const Segments = [
    null,
    { Transcript: { ...good, Time: { AbsoluteTime: "yesterday" } } },
    { Transcript: { ...good, Time: null } },
    { Transcript: { ...good, Time: { AbsoluteTime: "9999-12-31T23:59:59Z" } } },
    { Transcript: { ...good, Content: null } },
    { Transcript: { ...good, Id: "" } },
    { Transcript: { ...good, Sentiment: "CALM" } },
    { Issues: { IssuesDetected: [{ TranscriptItems: [null, { Id: "1" }] }] } },
    { Categories: { MatchedDetails: 7 } },
    { Categories: { MatchedDetails: { "": {} } } },
  ];
  const reading = readChatRecord(chatRecord("c", { Segments }), INSTANCE);
  expect(reading).toMatchObject({ flaws: { cut: 0, skipped: 9 } });
  expect(reading.outcome === "read" && reading.value.Segments).toMatchObject([{ kind: "message", turnId: "1", sentiment: null }]);
});

test("Messages, names and ids that are too long are cut, and counted.", () => {
  const Segments = [message("i".repeat(300), "AGENT", 0, null, "🥪".repeat(20_000)), categoryOf("x".repeat(300))];
  const reading = readChatRecord(chatRecord("c", { Segments }), INSTANCE);
  expect(reading).toMatchObject({ flaws: { cut: 3, skipped: 0 } });
  const [turn, category] = reading.outcome === "read" ? reading.value.Segments : [];
  expect(turn).toMatchObject({ text: `${"🥪".repeat(9999)}…` });
  expect(category).toEqual({ kind: "category", name: `${"x".repeat(255)}…` });
});

test("CHT-3 A text of another type than words is no message, so its code is shown to nobody.", () => {
  const interactive = message("1", "AGENT", 0, null, '{"templateType":"ListPicker"}').Transcript;
  const Segments = [
    { Transcript: { ...interactive, ContentType: "application/vnd.amazonaws.connect.message.interactive" } },
    { Transcript: { ...interactive, Id: "2", ContentType: "text/markdown", Content: "*hello*" } },
    { Transcript: { ...interactive, Id: "3", ContentType: null, Content: "hello" } },
  ];
  const reading = readChatRecord(chatRecord("c", { Segments }), INSTANCE);
  expect(reading.outcome === "read" && reading.value.Segments).toMatchObject([
    { kind: "message", turnId: "1", text: "[…]", role: "agent" },
    { kind: "message", turnId: "2", text: "*hello*" },
    { kind: "message", turnId: "3", text: "hello" },
  ]);
});

function at(afterMs: number): string {
  return new Date(WRITTEN + afterMs).toISOString();
}
