import type { PhraseLanguage, PhraseSentiment } from "../phrases/phrase.ts";
import { redactedText } from "../phrases/phrase-book.ts";
import type { Home } from "./agent-event.ts";
import type { ChatMessage } from "./chat.ts";

/**
 * One record of Contact Lens' real-time contact analysis segment stream, chat, version 2.0.0 (Administrator Guide, "Data model for
 * conversational analytics segment streams to analyze chats", read 2026-11-26).
 */
export interface ChatAnalysisRecord {
  Version: "2.0.0";
  Channel: "CHAT";
  AccountId: string;
  InstanceId: string;
  ContactId: string;
  StreamingEventType: "STARTED" | "SEGMENTS" | "COMPLETED";
  StreamingSettings: object;
  OutputType?: "Redacted";
  Segments?: readonly object[];
}

/** Contact Lens needs about this long before it writes a message. */
const ANALYSED_AFTER_MS = 1_000;
const SENTIMENTS: Readonly<Record<PhraseSentiment, string>> = {
  positive: "POSITIVE",
  neutral: "NEUTRAL",
  negative: "NEGATIVE",
  mixed: "MIXED",
};
const PARTICIPANTS: Readonly<Record<ChatMessage["role"], { ParticipantRole: string; DisplayName: string }>> = {
  bot: { ParticipantRole: "CUSTOM_BOT", DisplayName: "Bot" },
  customer: { ParticipantRole: "CUSTOMER", DisplayName: "Customer" },
  agent: { ParticipantRole: "AGENT", DisplayName: "Agent" },
};

/** One chat in progress whose flow turned on Contact Lens. Personal data is redacted, as the flow asks. */
export class AnalysedChat {
  readonly #home: Home;
  readonly #contactId: string;
  readonly #settings: object;
  readonly #putRecord: (record: ChatAnalysisRecord) => void;
  #unwritten: { dueAt: number; segments: object[] }[] = [];

  constructor(home: Home, contactId: string, language: PhraseLanguage, putRecord: (record: ChatAnalysisRecord) => void) {
    this.#home = home;
    this.#contactId = contactId;
    this.#settings = {
      LanguageCode: language === "es" ? "es-US" : "en-US",
      Output: "Redacted",
      RedactionTypes: ["PII"],
      RedactionTypesMetadata: { PII: { RedactionMaskMode: "PII" } },
    };
    this.#putRecord = putRecord;
    this.#write("STARTED");
  }

  /** @param at when the message was sent, epoch ms */
  addMessage(message: ChatMessage, at: number): void {
    this.#unwritten.push({ dueAt: at + ANALYSED_AFTER_MS, segments: segmentsOf(message, at) });
  }

  /** Writes the messages that are due. */
  writeDue(now: number): void {
    const due = this.#unwritten.filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) return;
    this.#unwritten = this.#unwritten.filter(({ dueAt }) => dueAt > now);
    const segments = due.flatMap((message) => message.segments);
    this.#write("SEGMENTS", segments);
  }

  /** Writes the rest and the end of the analysis. */
  writeEnd(): void {
    this.writeDue(Number.POSITIVE_INFINITY);
    this.#write("COMPLETED");
  }

  #write(type: ChatAnalysisRecord["StreamingEventType"], segments?: readonly object[]): void {
    this.#putRecord({
      Version: "2.0.0",
      Channel: "CHAT",
      AccountId: this.#home.accountId,
      InstanceId: this.#home.instanceId,
      ContactId: this.#contactId,
      StreamingEventType: type,
      StreamingSettings: this.#settings,
      ...(segments !== undefined && { OutputType: "Redacted", Segments: segments }),
    });
  }
}

/** Returns the message, its category and its issue, each as a segment of its own. */
function segmentsOf({ id, role, text, phrase }: ChatMessage, at: number): object[] {
  const Content = phrase === null ? text : redactedText(phrase);
  const transcript = {
    Id: id,
    ParticipantId: PARTICIPANTS[role].ParticipantRole,
    ...PARTICIPANTS[role],
    Content,
    ContentType: "text/plain",
    Time: { AbsoluteTime: new Date(at).toISOString() },
    ...(phrase !== null && { Sentiment: SENTIMENTS[phrase.sentiment] }),
  };
  const item = { Id: id, CharacterOffsets: { BeginOffsetChar: 0, EndOffsetChar: Content.length } };
  const details = phrase?.category && { [phrase.category]: { PointsOfInterest: [{ TranscriptItems: [item] }] } };
  const isIssue = phrase?.role === "customer" && phrase.stage === "issue";
  return [
    { Transcript: transcript },
    ...(details ? [{ Categories: { MatchedDetails: details } }] : []),
    ...(isIssue ? [{ Issues: { IssuesDetected: [{ TranscriptItems: [{ ...item, Content }] }] } }] : []),
  ];
}
