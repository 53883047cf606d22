import { type ChatRecord, readChatRecord } from "../../aws-ingest/connect/chat-segment.ts";
import { INSTANCE } from "./ingest-lab.ts";

/** Records of Contact Lens' stream about chats (version 2.0.0). */

/** When the first message of a sample chat was written, epoch ms. */
export const WRITTEN = Date.parse("2026-03-02T14:05:40.000Z");

export function chatRecord(contactId: string, fields: object = {}): object {
  return {
    Version: "2.0.0",
    Channel: "CHAT",
    AccountId: "111122223333",
    InstanceId: INSTANCE,
    ContactId: contactId,
    StreamingEventType: "SEGMENTS",
    StreamingSettings: { LanguageCode: "en-US", Output: "RedactedAndRaw", RedactionTypes: ["PII"] },
    OutputType: "Redacted",
    ...fields,
  };
}

/** A message that was written `afterMs` after the first one. */
export function message(
  Id: string,
  ParticipantRole: string,
  afterMs: number,
  Sentiment: string | null = "NEUTRAL",
  Content = "words",
): { Transcript: object } {
  return {
    Transcript: {
      Id,
      ParticipantId: `participant-${ParticipantRole}`,
      ParticipantRole,
      DisplayName: "[PII]",
      Content,
      ContentType: "text/plain",
      Time: { AbsoluteTime: new Date(WRITTEN + afterMs).toISOString() },
      ...(Sentiment !== null && { Sentiment }),
    },
  };
}

export function issueOf(Id: string, BeginOffsetChar: number, EndOffsetChar: number): { Issues: object } {
  return { Issues: { IssuesDetected: [{ TranscriptItems: [{ Id, CharacterOffsets: { BeginOffsetChar, EndOffsetChar } }] }] } };
}

export function categoryOf(name: string): { Categories: object } {
  return { Categories: { MatchedDetails: { [name]: { PointsOfInterest: [] } } } };
}

/** A chat with a bot first, then a customer who gets better. The roles of Amazon Connect's API. */
export const CHAT = [
  message("bot-1", "CUSTOM_BOT", 0),
  message("c-1", "CUSTOMER", 4_000, "NEGATIVE", "My order never came."),
  message("sys-1", "SYSTEM", 5_000, null),
  message("a-1", "AGENT", 60_000, "NEUTRAL"),
  message("c-2", "CUSTOMER", 90_000, "NEUTRAL"),
  message("a-2", "AGENT", 130_000, "POSITIVE"),
  message("s-1", "SUPERVISOR", 140_000, "POSITIVE"),
  message("c-3", "CUSTOMER", 150_000, "POSITIVE"),
];

/** Returns a record after validation. */
export function readChat(json: object): ChatRecord {
  const result = readChatRecord(json, INSTANCE);
  if (result.outcome !== "read") throw new Error(JSON.stringify(result));
  return result.value;
}
