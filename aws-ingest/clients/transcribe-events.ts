import type {
  CallAnalyticsTranscriptResultStream,
  Sentiment,
  TranscriptResultStream,
} from "@aws-sdk/client-transcribe-streaming";
import type { SentimentLabel } from "../../protocol/updates.ts";
import type { SpeechEvent } from "../call/speech.ts";
import { issuesIn } from "../connect/issues.ts";

const SENTIMENT_LABELS: Readonly<Record<Sentiment, SentimentLabel>> = {
  POSITIVE: "positive",
  NEUTRAL: "neutral",
  NEGATIVE: "negative",
  MIXED: "mixed",
};

/**
 * Returns the turns and categories of one Call Analytics event. An utterance without id or role is left out, and so is a partial
 * one without text. A final utterance without text withdraws the partial turn.
 */
export function eventsOfAnalytics(result: CallAnalyticsTranscriptResultStream): SpeechEvent[] {
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
  const offsets = (utterance.IssuesDetected ?? []).map(({ CharacterOffsets: at }) => ({ begin: at?.Begin, end: at?.End }));
  return [
    {
      kind: "turn",
      utteranceId: utterance.UtteranceId,
      role: utterance.ParticipantRole === "CUSTOMER" ? "customer" : "agent",
      beginMs: utterance.BeginOffsetMillis ?? 0,
      endMs: utterance.EndOffsetMillis ?? utterance.BeginOffsetMillis ?? 0,
      text,
      final,
      sentiment: final && utterance.Sentiment !== undefined ? SENTIMENT_LABELS[utterance.Sentiment] : null,
      issues: issuesIn(text, offsets),
      languageCode: utterance.LanguageCode ?? null,
    },
  ];
}

/** Returns the turns of one standard streaming event. Its times are seconds with a fraction, and it has no sentiment. */
export function eventsOfTranscript(result: TranscriptResultStream): SpeechEvent[] {
  const events: SpeechEvent[] = [];
  for (const part of result.TranscriptEvent?.Transcript?.Results ?? []) {
    const text = part.Alternatives?.[0]?.Transcript ?? "";
    const final = part.IsPartial === false;
    if (!part.ResultId || (text === "" && !final)) continue;
    const beginMs = Math.round((part.StartTime ?? 0) * 1000);
    events.push({
      kind: "turn",
      utteranceId: part.ResultId,
      role: part.ChannelId === "ch_1" ? "agent" : "customer",
      beginMs,
      endMs: Math.max(beginMs, Math.round((part.EndTime ?? 0) * 1000)),
      text,
      final,
      sentiment: null,
      languageCode: part.LanguageCode ?? null,
    });
  }
  return events;
}
