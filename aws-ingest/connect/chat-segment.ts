import * as v from "valibot";
import type { Role, SentimentLabel } from "../../protocol/updates.ts";
import { ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";
import type { CharacterOffsets } from "./issues.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * Reads the records of Contact Lens' real-time stream about chats (Administrator Guide, "Data model for conversational analytics
 * segment streams to analyze chats", version 2.0.0, read 2026-11-26). Their segments have the form of the API
 * ListRealtimeContactAnalysisSegmentsV2. A segment that cannot be read costs only itself.
 */

/** A supervisor who joins a chat writes on the agent's side. Bots (CUSTOM_BOT) and SYSTEM are nobody's turn. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ["CUSTOMER", "customer"],
  ["AGENT", "agent"],
  ["SUPERVISOR", "agent"],
]);
const SENTIMENT_LABELS: ReadonlyMap<string, SentimentLabel> = new Map([
  ["POSITIVE", "positive"],
  ["NEUTRAL", "neutral"],
  ["NEGATIVE", "negative"],
  ["MIXED", "mixed"],
]);
/** Stands for a message that is no text, for example a list to pick from. Its content is code. */
const NO_WORDS = "[…]";

const id = v.pipe(v.string(), v.nonEmpty());
/** ISO 8601 on the wire. One far ahead cannot be read: score and end of a chat follow from its newest message. */
const time = v.pipe(
  v.object({ AbsoluteTime: v.string() }),
  v.transform(({ AbsoluteTime }) => unlessAhead(timeOrNull(AbsoluteTime))),
  v.number(),
);
const transcriptSchema = v.object({
  Id: id,
  ParticipantRole: v.string(),
  Content: v.string(),
  ContentType: v.fallback(v.nullish(v.string(), null), null),
  Time: time,
  Sentiment: v.fallback(v.nullish(v.string(), null), null),
});
const offsets = v.pipe(
  v.object({ BeginOffsetChar: v.optional(v.number()), EndOffsetChar: v.optional(v.number()) }),
  v.transform(({ BeginOffsetChar, EndOffsetChar }): CharacterOffsets => ({ begin: BeginOffsetChar, end: EndOffsetChar })),
);
/** Without offsets, nobody knows where in the message the issue is. */
const issueItemSchema = v.object({ Id: id, CharacterOffsets: v.nullish(offsets, null) });
const issueSchema = v.object({ TranscriptItems: v.array(v.unknown()) });
/** The API names the categories only in `MatchedDetails`. The stream of calls also has `MatchedCategories`. */
const categoriesSchema = v.object({
  MatchedCategories: v.nullish(v.array(v.unknown()), []),
  MatchedDetails: v.nullish(v.record(v.string(), v.unknown()), {}),
});
const timedSchema = v.object({ Time: time });
/** A segment has exactly one of these fields, or one that this file does not know, such as PostContactSummary. */
const segmentSchema = v.object({
  Transcript: v.nullish(transcriptSchema),
  Issues: v.nullish(v.object({ IssuesDetected: v.array(v.unknown()) })),
  Categories: v.nullish(categoriesSchema),
  Event: v.nullish(timedSchema),
  Attachments: v.nullish(timedSchema),
});

/** One fact of a chat, within the limits of the protocol. Times are epoch ms. */
export type ChatSegment =
  | { kind: "message"; turnId: string; role: Role; at: number; text: string; sentiment: SentimentLabel | null }
  | { kind: "issue"; turnId: string; offsets: CharacterOffsets }
  | { kind: "category"; name: string }
  /** Something else that happened: a bot wrote, somebody joined. It may be the first thing of the chat. */
  | { kind: "time"; at: number };

/** What Contact Lens writes: the messages as they are, or with masked personal data. */
export type ChatOutput = "Raw" | "Redacted";

const EVENTS = ["STARTED", "SEGMENTS", "COMPLETED", "FAILED"] as const;

/** A record about one chat, with the names of a call's record (`contact-lens-segment.ts`). */
export interface ChatRecord {
  Channel: "CHAT";
  ContactId: string;
  EventType: (typeof EVENTS)[number];
  /** The output from which the messages are taken. */
  Output: ChatOutput;
  Segments: readonly ChatSegment[];
}

const recordSchema = v.object({
  InstanceId: v.string(),
  ContactId: id,
  StreamingEventType: v.string(),
  OutputType: v.fallback(v.nullish(v.string(), null), null),
  StreamingSettings: v.fallback(v.nullish(v.object({ Output: v.fallback(v.nullish(v.string(), null), null) }), null), null),
  Segments: v.nullish(v.array(v.unknown()), []),
});

/** Whether a record of Contact Lens (parsed JSON) is about a chat. */
export function isChat(json: unknown): boolean {
  const channel = fieldsOf(json)?.["Channel"];
  return typeof channel === "string" && channel.toUpperCase() === "CHAT";
}

/** Reads one record (parsed JSON) about a chat. */
export function readChatRecord(json: unknown, instanceId: string): RecordReading<ChatRecord> {
  const fields = fieldsOf(json);
  if (fields === null) return unreadable("the record is no JSON object");
  const { InstanceARN, InstanceId, Version } = fields;
  // A contact record of a chat names its instance by an ARN.
  if (InstanceId === undefined && InstanceARN !== undefined) return notMine("another-kind");
  if (typeof InstanceId === "string" && InstanceId !== instanceId) return notMine("another-instance");
  if (typeof Version === "string" && !/^2\./.test(Version)) return notMine("unknown-version", Version);
  const result = v.safeParse(recordSchema, fields, { abortEarly: true });
  if (!result.success) return unreadable(`${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong`);
  const { ContactId, StreamingEventType, OutputType, StreamingSettings, Segments } = result.output;
  const event = EVENTS.find((known) => known === StreamingEventType);
  if (event === undefined) return notMine("unknown-type", StreamingEventType);
  // Without a clear word that nothing is redacted, a redacted copy comes too, and the raw one stays unread.
  const output = StreamingSettings?.Output === "Raw" ? "Raw" : "Redacted";
  if (event === "SEGMENTS" && OutputType === "Raw" && output === "Redacted") return notMine("another-kind");
  const values = new ForeignValues();
  const segments = readChatSegments(Segments ?? [], values);
  const value = {
    Channel: "CHAT",
    ContactId: values.id(ContactId),
    EventType: event,
    Output: output,
    Segments: segments,
  } as const;
  return { outcome: "read", value, flaws: values.flaws };
}

/** Reads the segments that can be read, and brings them within the limits. */
export function readChatSegments(segments: readonly unknown[], values: ForeignValues): ChatSegment[] {
  return values
    .readable(segmentSchema, segments)
    .flatMap(({ Transcript, Issues, Categories, Event, Attachments }) => [
      ...(Transcript ? [messageOf(Transcript, values)] : []),
      ...(Issues ? issuesOf(Issues.IssuesDetected, values) : []),
      ...(Categories ? categoriesOf(Categories, values) : []),
      ...[Event, Attachments].flatMap((timed): ChatSegment[] => (timed ? [{ kind: "time", at: timed.Time }] : [])),
    ]);
}

function messageOf(transcript: v.InferOutput<typeof transcriptSchema>, values: ForeignValues): ChatSegment {
  const { Id, ParticipantRole, Content, ContentType, Time: at, Sentiment } = transcript;
  const role = ROLES.get(ParticipantRole);
  if (role === undefined) return { kind: "time", at };
  const text = ContentType === null || /^text\//i.test(ContentType) ? values.turnText(Content) : NO_WORDS;
  return { kind: "message", turnId: values.id(Id), role, at, text, sentiment: SENTIMENT_LABELS.get(Sentiment ?? "") ?? null };
}

function issuesOf(issues: readonly unknown[], values: ForeignValues): ChatSegment[] {
  const items = values.readable(issueSchema, issues).flatMap(({ TranscriptItems }) => TranscriptItems);
  return values
    .readable(issueItemSchema, items)
    .flatMap(({ Id, CharacterOffsets }): ChatSegment[] =>
      CharacterOffsets === null ? [] : [{ kind: "issue", turnId: values.id(Id), offsets: CharacterOffsets }],
    );
}

function categoriesOf(categories: v.InferOutput<typeof categoriesSchema>, values: ForeignValues): ChatSegment[] {
  const { MatchedCategories, MatchedDetails } = categories;
  const names = new Set([
    ...values.readable(id, MatchedCategories ?? []),
    ...values.readable(id, Object.keys(MatchedDetails ?? {})),
  ]);
  return [...names].map((name) => ({ kind: "category", name: values.label(name) }));
}
