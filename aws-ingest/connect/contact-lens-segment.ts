import * as v from "valibot";
import type { Role, SentimentLabel } from "../../protocol/updates.ts";
import { ForeignValues } from "./foreign-values.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * Reads the records of Contact Lens' real-time contact analysis stream (voice, version 1.0.0). A segment that cannot be read
 * costs only itself.
 */

const ROLES: ReadonlyMap<string, Role> = new Map([
  ["CUSTOMER", "customer"],
  ["AGENT", "agent"],
]);
const SENTIMENT_LABELS: ReadonlyMap<string, SentimentLabel> = new Map([
  ["POSITIVE", "positive"],
  ["NEUTRAL", "neutral"],
  ["NEGATIVE", "negative"],
  ["MIXED", "mixed"],
]);

const id = v.pipe(v.string(), v.nonEmpty());
const offset = v.pipe(v.number(), v.finite(), v.minValue(0));
const span = {
  // Other roles (SYSTEM, CUSTOM_BOT) are nobody's turn.
  ParticipantRole: v.pipe(
    v.string(),
    v.transform((role) => ROLES.get(role) ?? null),
  ),
  BeginOffsetMillis: offset,
  EndOffsetMillis: offset,
};
const sentiment = v.pipe(
  v.fallback(v.nullish(v.string(), null), null),
  v.transform((label) => SENTIMENT_LABELS.get(label ?? "") ?? null),
);
const unread = v.fallback(v.nullish(v.array(v.unknown()), []), []);
const issueSchema = v.object({
  CharacterOffsets: v.optional(v.object({ BeginOffsetChar: v.optional(v.number()), EndOffsetChar: v.optional(v.number()) })),
});
export type LensIssue = v.InferOutput<typeof issueSchema>;

const utteranceSchema = v.object({ Id: id, TranscriptId: id, PartialContent: v.string(), ...span });
const transcriptSchema = v.object({ Id: id, Content: v.string(), Sentiment: sentiment, IssuesDetected: unread, ...span });
const categoriesSchema = v.object({ MatchedCategories: v.array(v.unknown()) });
/** A segment has exactly one of these fields, or one that this file does not know. Segments from Contact Lens' API have no utterances. */
const segmentSchema = v.object({
  Utterance: v.nullish(utteranceSchema),
  Transcript: v.nullish(transcriptSchema),
  Categories: v.nullish(categoriesSchema),
});

/** A segment within the limits of the protocol. */
export interface LensSegment {
  Utterance?: v.InferOutput<typeof utteranceSchema>;
  Transcript?: Omit<v.InferOutput<typeof transcriptSchema>, "IssuesDetected"> & { IssuesDetected: LensIssue[] };
  Categories?: { MatchedCategories: string[] };
}

const recordSchema = v.object({
  Channel: v.string(),
  InstanceId: v.string(),
  ContactId: id,
  EventType: v.nullish(v.string(), null),
  Segments: v.nullish(v.array(v.unknown()), null),
});
export type LensRecord = Omit<v.InferOutput<typeof recordSchema>, "Segments"> & { Segments: LensSegment[] | null };

/** The types of the guide (2026-11). */
const TYPES: readonly unknown[] = ["STARTED", "SEGMENTS", "COMPLETED", "FAILED", undefined, null];

/** Reads one record (parsed JSON). */
export function readLensRecord(json: unknown, instanceId: string): RecordReading<LensRecord> {
  const fields = fieldsOf(json);
  if (fields === null) return unreadable(json === undefined ? "the record is not JSON" : "the record is no JSON object");
  const { Channel, EventType, InstanceId, Version } = fields;
  // An agent event has neither of the two. A contact record has a channel, and names its instance by an ARN.
  if (InstanceId === undefined && (Channel === undefined || fields["InstanceARN"] !== undefined)) return notMine("another-kind");
  if (typeof InstanceId !== "string") return unreadable("InstanceId is missing or wrong");
  if (InstanceId !== instanceId) return notMine("another-instance");
  // Chats are analysed in records of their own form (version 2.0.0).
  if (typeof Channel === "string" && Channel.toUpperCase() !== "VOICE") return notMine("another-kind");
  if (typeof Version === "string" && !/^1\./.test(Version)) return notMine("unknown-version", Version);
  if (!TYPES.includes(EventType)) return notMine("unknown-type", EventType);
  const result = v.safeParse(recordSchema, fields, { abortEarly: true });
  if (!result.success) return unreadable(`${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong`);
  const values = new ForeignValues();
  const { Segments, ContactId, ...record } = result.output;
  const segments = Segments === null ? null : readSegments(Segments, values);
  return { outcome: "read", value: { ...record, ContactId: values.id(ContactId), Segments: segments }, flaws: values.flaws };
}

/** Reads the segments that can be read, and brings them within the limits. */
export function readSegments(segments: readonly unknown[], values: ForeignValues): LensSegment[] {
  return values.readable(segmentSchema, segments).map(({ Utterance, Transcript, Categories }) => ({
    ...(Utterance && {
      Utterance: { ...Utterance, Id: values.id(Utterance.Id), TranscriptId: values.id(Utterance.TranscriptId) },
    }),
    ...(Transcript && {
      Transcript: {
        ...Transcript,
        Id: values.id(Transcript.Id),
        Content: values.turnText(Transcript.Content),
        IssuesDetected: values.readable(issueSchema, Transcript.IssuesDetected),
      },
    }),
    ...(Categories && {
      Categories: {
        MatchedCategories: values.readable(id, Categories.MatchedCategories).map((name) => values.label(name)),
      },
    }),
  }));
}
