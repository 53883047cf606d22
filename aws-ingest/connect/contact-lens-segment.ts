import * as v from "valibot";
import type { Role, SentimentLabel } from "../../protocol/updates.ts";

/** The fields that are read of a record of Contact Lens' real-time contact analysis stream (voice, version 1.0.0). */

const role = v.pipe(
  v.string(),
  v.transform((name): Role | null => (name === "CUSTOMER" ? "customer" : name === "AGENT" ? "agent" : null)),
);
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const offset = v.pipe(v.number(), v.minValue(0));
const span = { ParticipantRole: role, BeginOffsetMillis: offset, EndOffsetMillis: offset };
const sentiment = v.pipe(
  v.picklist(["POSITIVE", "NEUTRAL", "NEGATIVE", "MIXED"]),
  v.transform((label): SentimentLabel => SENTIMENT_LABELS[label]),
);
const SENTIMENT_LABELS = { POSITIVE: "positive", NEUTRAL: "neutral", NEGATIVE: "negative", MIXED: "mixed" } as const;

const issue = v.object({
  CharacterOffsets: v.optional(v.object({ BeginOffsetChar: v.optional(v.number()), EndOffsetChar: v.optional(v.number()) })),
});

export type LensIssue = v.InferOutput<typeof issue>;

/** A segment has exactly one of these fields. Segments from Contact Lens' API have no utterances. */
export const segmentSchema = v.object({
  Utterance: v.optional(v.object({ Id: id, TranscriptId: id, PartialContent: v.string(), ...span })),
  Transcript: v.optional(
    v.object({
      Id: id,
      Content: v.string(),
      Sentiment: v.optional(v.nullable(sentiment), null),
      // An issue that cannot be read must not stop the turn.
      IssuesDetected: v.fallback(v.array(issue), []),
      ...span,
    }),
  ),
  Categories: v.optional(v.object({ MatchedCategories: v.array(v.string()) })),
});

export type LensSegment = v.InferOutput<typeof segmentSchema>;

const recordSchema = v.object({
  Channel: v.string(),
  InstanceId: v.string(),
  ContactId: id,
  EventType: v.optional(v.nullable(v.string()), null),
  Segments: v.optional(v.nullable(v.array(segmentSchema)), null),
});
export type LensRecord = v.InferOutput<typeof recordSchema>;

export type ReadLensRecord = { ok: true; record: LensRecord } | { ok: false; reason: string };

/** Reads one record (parsed JSON). A refusal names the first wrong field and never quotes its value. */
export function readLensRecord(json: unknown, instanceId: string): ReadLensRecord {
  if (json === undefined) return { ok: false, reason: "the record is not JSON" };
  const result = v.safeParse(recordSchema, json, { abortEarly: true });
  if (!result.success) return { ok: false, reason: `${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong` };
  if (result.output.InstanceId !== instanceId) return { ok: false, reason: "InstanceId names another instance" };
  return { ok: true, record: result.output };
}
