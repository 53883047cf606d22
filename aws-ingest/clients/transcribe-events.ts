import type {
  CallAnalyticsTranscriptResultStream,
  Sentiment,
  TranscriptResultStream,
} from "@aws-sdk/client-transcribe-streaming";
import type { SentimentLabel } from "../../protocol/updates.ts";
import type { SpeechEvent, SpeechSpan } from "../call/speech.ts";
import { issuesIn } from "../connect/issues.ts";

/** A label that Transcribe has introduced later is not in it. Such a turn has no sentiment. */
const SENTIMENT_LABELS: ReadonlyMap<string, SentimentLabel> = new Map<Sentiment, SentimentLabel>([
  ["POSITIVE", "positive"],
  ["NEUTRAL", "neutral"],
  ["NEGATIVE", "negative"],
  ["MIXED", "mixed"],
]);

/**
 * Returns the turns and categories of one Call Analytics event. An utterance without id or role is left out, and so is a partial
 * one without text. A final utterance without text withdraws the partial turn.
 * @param redacted Transcribe confirmed in its answer that it masks personal data in this stream
 */
export function eventsOfAnalytics(result: CallAnalyticsTranscriptResultStream, redacted = false): SpeechEvent[] {
  if (result.CategoryEvent !== undefined) {
    const details = result.CategoryEvent.MatchedDetails ?? {};
    return (result.CategoryEvent.MatchedCategories ?? []).map((name) => {
      const ends = (details[name]?.TimestampRanges ?? []).map((range) => range.EndOffsetMillis ?? 0);
      return { kind: "category", name, endMs: ends.length === 0 ? null : Math.max(...ends) };
    });
  }
  const utterance = result.UtteranceEvent;
  if (!utterance?.UtteranceId || !utterance.ParticipantRole) return [];
  const { Transcript: text = "" } = utterance;
  const final = utterance.IsPartial === false;
  if (text === "" && !final) return [];
  const beginMs = utterance.BeginOffsetMillis ?? 0;
  const endMs = utterance.EndOffsetMillis ?? beginMs;
  const offsets = (utterance.IssuesDetected ?? []).map(({ CharacterOffsets: at }) => ({ begin: at?.Begin, end: at?.End }));
  return [
    {
      kind: "turn",
      utteranceId: utterance.UtteranceId,
      role: utterance.ParticipantRole === "CUSTOMER" ? "customer" : "agent",
      beginMs,
      endMs,
      text,
      final,
      sentiment: final ? (SENTIMENT_LABELS.get(utterance.Sentiment ?? "") ?? null) : null,
      issues: issuesIn(text, offsets),
      redacted: redacted && final,
      maskedSpans:
        final && redacted ? maskedSpans(text, { beginMs, endMs }, [items(utterance.Items), items(utterance.Entities)]) : [],
      languageCode: utterance.LanguageCode ?? null,
    },
  ];
}

/**
 * Returns the turns of one standard streaming event. Its times are seconds with a fraction, and it has no sentiment.
 * @param redacted Transcribe confirmed in its answer that it masks personal data in this stream
 */
export function eventsOfTranscript(result: TranscriptResultStream, redacted = false): SpeechEvent[] {
  const events: SpeechEvent[] = [];
  for (const part of result.TranscriptEvent?.Transcript?.Results ?? []) {
    const text = part.Alternatives?.[0]?.Transcript ?? "";
    const final = part.IsPartial === false;
    if (!part.ResultId || (text === "" && !final)) continue;
    const beginMs = Math.round((part.StartTime ?? 0) * 1000);
    const endMs = Math.max(beginMs, Math.round((part.EndTime ?? 0) * 1000));
    const { Items: words = [], Entities: entities = [] } = part.Alternatives?.[0] ?? {};
    const timed = [words, entities].map((list) =>
      list.map(({ Content, StartTime, EndTime }) => ({ content: Content, beginMs: msOf(StartTime), endMs: msOf(EndTime) })),
    );
    events.push({
      kind: "turn",
      utteranceId: part.ResultId,
      role: part.ChannelId === "ch_1" ? "agent" : "customer",
      beginMs,
      endMs,
      text,
      final,
      sentiment: null,
      redacted: redacted && final,
      maskedSpans: final && redacted ? maskedSpans(text, { beginMs, endMs }, timed) : [],
      languageCode: part.LanguageCode ?? null,
    });
  }
  return events;
}

interface TimedWord {
  content: string | undefined;
  beginMs: number | undefined;
  endMs: number | undefined;
}

function items(
  of: readonly {
    Content?: string | undefined;
    BeginOffsetMillis?: number | undefined;
    EndOffsetMillis?: number | undefined;
  }[] = [],
): TimedWord[] {
  return of.map(({ Content, BeginOffsetMillis, EndOffsetMillis }) => ({
    content: Content,
    beginMs: BeginOffsetMillis,
    endMs: EndOffsetMillis,
  }));
}

function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

/** How Transcribe writes masked words, such as [NAME] (Developer Guide, pii-redaction-output). */
const PLACEHOLDER = /\[[A-Z][A-Z_]*\]/g;

/**
 * Returns when the masked words of a turn were spoken. If neither list has a time for every mask, the whole turn counts as masked:
 * a span too much costs some sound of the recording, and a span too little costs the caller's privacy.
 * @param lists the words and the entities of the turn, which name the same masks
 */
function maskedSpans(text: string, turn: SpeechSpan, lists: readonly (readonly TimedWord[])[]): SpeechSpan[] {
  const placeholders = text.match(PLACEHOLDER)?.length ?? 0;
  if (placeholders === 0) return [];
  const spans = lists.map((words) => words.filter(({ content }) => content?.match(PLACEHOLDER)).flatMap(spanOf));
  return spans.some((list) => list.length >= placeholders) ? spans.flat() : [turn];
}

function spanOf({ beginMs, endMs }: TimedWord): SpeechSpan[] {
  return beginMs === undefined || endMs === undefined || endMs <= beginMs ? [] : [{ beginMs, endMs }];
}
