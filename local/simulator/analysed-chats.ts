import { redactedText } from "../phrases/phrase-book.ts";
import type { Home } from "./agent-event.ts";
import type { ChatMessage } from "./chat.ts";
import type { Effect } from "./effect.ts";

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

const ROLES: Readonly<Record<ChatMessage["role"], string>> = { bot: "CUSTOM_BOT", customer: "CUSTOMER", agent: "AGENT" };
const JOINED = "application/vnd.amazonaws.connect.event.participant.joined";
const LANGUAGES = { es: "es-US", en: "en-US" } as const;

/** Chats of other flows are not analysed, so that a large center does not flood this machine with messages. */
const MOST_ANALYSED_CHATS = 24;

interface AnalysedChat {
  languageCode: string;
  agentJoined: boolean;
}

/**
 * The chats whose flow turned on Contact Lens' real-time analysis. Each message comes once, with redacted personal
 * data and its sentiment. Issues and categories come in segments of their own.
 */
export class AnalysedChats {
  readonly #home: Home;
  readonly #putRecord: (record: ChatAnalysisRecord) => void;
  readonly #chats = new Map<string, AnalysedChat>();

  constructor(home: Home, putRecord: (record: ChatAnalysisRecord) => void) {
    this.#home = home;
    this.#putRecord = putRecord;
  }

  /** Writes what Contact Lens writes when this happens. */
  noteEffect(effect: Extract<Effect, { type: "chat-begins" | "chat-message" | "chat-ends" }>): void {
    const { contactId } = effect;
    if (effect.type === "chat-begins") {
      if (this.#chats.size >= MOST_ANALYSED_CHATS) return;
      this.#chats.set(contactId, { languageCode: LANGUAGES[effect.language], agentJoined: false });
      this.#write(contactId, "STARTED");
      return;
    }
    const chat = this.#chats.get(contactId);
    if (chat === undefined) return;
    if (effect.type === "chat-ends") {
      this.#write(contactId, "COMPLETED");
      this.#chats.delete(contactId);
      return;
    }
    const joins = effect.message.role === "agent" && !chat.agentJoined;
    if (joins) chat.agentJoined = true;
    const joined = joins ? [eventOf(`${effect.message.id}-joined`, effect.at)] : [];
    this.#write(contactId, "SEGMENTS", [...joined, ...segmentsOf(effect.message, effect.at)]);
  }

  #write(ContactId: string, StreamingEventType: ChatAnalysisRecord["StreamingEventType"], Segments?: readonly object[]): void {
    const LanguageCode = this.#chats.get(ContactId)?.languageCode;
    this.#putRecord({
      Version: "2.0.0",
      Channel: "CHAT",
      AccountId: this.#home.accountId,
      InstanceId: this.#home.instanceId,
      ContactId,
      StreamingEventType,
      StreamingSettings: { LanguageCode, Output: "Redacted", RedactionTypes: ["PII"] },
      ...(Segments !== undefined && { OutputType: "Redacted" as const, Segments }),
    });
  }
}

/** Returns what Contact Lens writes of one message. It knows no mixed sentiment, and none of bots. */
function segmentsOf({ id, role, text, phrase }: ChatMessage, at: number): object[] {
  const Content = phrase === null ? text : redactedText(phrase);
  const sentiment = phrase === null || phrase.sentiment === "mixed" ? "neutral" : phrase.sentiment;
  const message = {
    Transcript: {
      Id: id,
      ParticipantId: `participant-${role}`,
      ParticipantRole: ROLES[role],
      DisplayName: "[PII]",
      Content,
      ContentType: "text/plain",
      Time: timeOf(at),
      ...(role !== "bot" && { Sentiment: sentiment.toUpperCase() }),
    },
  };
  const item = { Id: id, CharacterOffsets: { BeginOffsetChar: 0, EndOffsetChar: Content.length } };
  const isIssue = phrase?.role === "customer" && phrase.stage === "issue";
  return [
    message,
    ...(isIssue ? [{ Issues: { IssuesDetected: [{ TranscriptItems: [{ ...item, Content }] }] } }] : []),
    ...(phrase !== null && phrase.category !== null
      ? [{ Categories: { MatchedDetails: { [phrase.category]: { PointsOfInterest: [{ TranscriptItems: [item] }] } } } }]
      : []),
  ];
}

function eventOf(Id: string, at: number): object {
  return { Event: { Id, EventType: JOINED, ParticipantId: "participant-agent", ParticipantRole: "AGENT", Time: timeOf(at) } };
}

function timeOf(at: number): { AbsoluteTime: string } {
  return { AbsoluteTime: new Date(at).toISOString() };
}
