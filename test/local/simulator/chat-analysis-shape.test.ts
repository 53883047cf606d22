import * as v from "valibot";
import { beforeEach, describe, expect, test } from "vitest";
import { selectPhrases } from "../../../local/phrases/phrase-book.ts";
import { AnalysedChat, type ChatAnalysisRecord } from "../../../local/simulator/analysed-chat.ts";
import { planChat, RunningChat } from "../../../local/simulator/chat.ts";
import { createRandom } from "../../../local/simulator/random.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const NOW = Date.parse("2026-03-02T14:05:20.505Z");
const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const [AGENT] = hireAgents(1);
if (AGENT === undefined) throw new Error("hireAgents(1) returned nobody.");

/**
 * Written from the Administrator Guide ("Data model for conversational analytics segment streams to analyze chats") and the API reference
 * ("RealtimeContactAnalysisSegment"), both read 2026-11-26.
 */
const offsets = v.strictObject({ BeginOffsetChar: v.number(), EndOffsetChar: v.number() });
const item = v.strictObject({ Id: v.string(), CharacterOffsets: offsets });
const transcript = v.strictObject({
  Id: v.string(),
  ParticipantId: v.string(),
  ParticipantRole: v.picklist(["AGENT", "CUSTOMER", "SYSTEM", "CUSTOM_BOT", "SUPERVISOR"]),
  DisplayName: v.string(),
  Content: v.pipe(v.string(), v.maxLength(16_384)),
  ContentType: v.string(),
  Time: v.strictObject({ AbsoluteTime: v.pipe(v.string(), v.isoTimestamp()) }),
  Sentiment: v.optional(v.picklist(["POSITIVE", "NEUTRAL", "NEGATIVE", "MIXED"])),
});
const event = v.strictObject({
  Id: v.string(),
  EventType: v.string(),
  ParticipantId: v.string(),
  ParticipantRole: v.string(),
  Time: v.strictObject({ AbsoluteTime: v.pipe(v.string(), v.isoTimestamp()) }),
});
const segment = v.union([
  v.strictObject({ Event: event }),
  v.strictObject({ Transcript: transcript }),
  v.strictObject({
    Categories: v.strictObject({
      MatchedDetails: v.record(
        v.string(),
        v.strictObject({ PointsOfInterest: v.array(v.strictObject({ TranscriptItems: v.array(item) })) }),
      ),
    }),
  }),
  v.strictObject({
    Issues: v.strictObject({
      IssuesDetected: v.array(
        v.strictObject({ TranscriptItems: v.array(v.strictObject({ ...item.entries, Content: v.string() })) }),
      ),
    }),
  }),
]);
const record = v.strictObject({
  Version: v.literal("2.0.0"),
  Channel: v.literal("CHAT"),
  AccountId: v.string(),
  InstanceId: v.string(),
  ContactId: v.string(),
  StreamingEventType: v.picklist(["STARTED", "SEGMENTS", "COMPLETED"]),
  StreamingSettings: v.strictObject({
    LanguageCode: v.string(),
    Output: v.picklist(["Raw", "Redacted", "RedactedAndRaw"]),
    RedactionTypes: v.array(v.literal("PII")),
    RedactionTypesMetadata: v.optional(v.strictObject({ PII: v.strictObject({ RedactionMaskMode: v.string() }) })),
  }),
  OutputType: v.optional(v.picklist(["Raw", "Redacted"])),
  Segments: v.optional(v.pipe(v.array(segment), v.minLength(1))),
});

let records: ChatAnalysisRecord[];
beforeEach(() => {
  records = [];
});
const beginChat = () => new AnalysedChat(HOME, CONTACT, "es", (written) => void records.push(written));

describe("A chat that Contact Lens analyses", () => {
  test("has a beginning, each message once in its order, and an end, in the documented shape.", () => {
    const script = planChat(createRandom("chat"), AGENT.team.queues[0], 1);
    const running = new RunningChat(script);
    const said: string[] = [];
    const chat = beginChat();
    for (const part of ["withBot", "withAgent"] as const) {
      for (const { atMs, ...message } of running.nextMessages(part, Number.POSITIVE_INFINITY)) {
        chat.addMessage(message, NOW + atMs);
        chat.writeDue(NOW + atMs + 1000);
        said.push(message.id);
      }
    }
    chat.writeEnd();
    const parsed = records.map((one) => v.parse(record, one));
    expect(parsed.map(({ StreamingEventType }) => StreamingEventType)).toEqual([
      "STARTED",
      ...parsed.slice(1, -1).map(() => "SEGMENTS"),
      "COMPLETED",
    ]);
    const ids = parsed.flatMap(({ Segments = [] }) =>
      Segments.flatMap((one) => ("Transcript" in one ? [one.Transcript.Id] : [])),
    );
    expect(ids).toEqual(said);
    expect(said.length).toBe(script.withBot.length + script.withAgent.length);
  });

  test("holds no personal data.", () => {
    const secret = selectPhrases({ language: "es" }).find(({ personalData }) => personalData.length > 0);
    const [data] = secret?.personalData ?? [];
    if (secret === undefined || data === undefined) throw new Error("The phrase book has no personal data.");
    const message = { id: "m1", role: secret.role, text: secret.text, phrase: secret };
    const chat = beginChat();
    chat.addMessage(message, NOW);
    chat.writeEnd();
    expect(JSON.stringify(records)).not.toContain(secret.text.slice(data.begin, data.end));
  });
});
