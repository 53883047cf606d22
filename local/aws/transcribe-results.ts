import type { TranscribeRequest } from "./transcribe-request.ts";
import type { TranscribedUtterance } from "./transcribe-session.ts";

/** A result event of one of the two operations, with the field names of the service. */
export interface ResultEvent {
  name: string;
  body: object;
}

/** Transcribe detects issues in English only (developer guide, "Call Analytics insights"). */
const ISSUE_LANGUAGES = ["en-US", "en-GB", "en-AU"];
const CONFIDENCE = 0.99;

export function resultEvents(request: TranscribeRequest, utterance: TranscribedUtterance): ResultEvent[] {
  return request.operation === "standard"
    ? [transcriptEvent(request, utterance)]
    : [utteranceEvent(request, utterance), ...categoryEvents(utterance)];
}

function utteranceEvent(request: TranscribeRequest, utterance: TranscribedUtterance): ResultEvent {
  const { partial, writing, phrase } = utterance;
  const issue =
    !partial && phrase?.stage === "issue" && phrase.sentiment === "negative" && ISSUE_LANGUAGES.includes(utterance.languageCode);
  const body = {
    UtteranceId: utterance.id,
    IsPartial: partial,
    ParticipantRole: utterance.role?.toUpperCase(),
    BeginOffsetMillis: utterance.beginMs,
    EndOffsetMillis: utterance.endMs,
    Transcript: writing.transcript,
    Items: writing.words.map((word) => ({
      BeginOffsetMillis: word.beginMs,
      EndOffsetMillis: word.endMs,
      Type: word.type,
      Content: word.content,
      Confidence: CONFIDENCE,
      VocabularyFilterMatch: false,
      ...(request.partialStability ? { Stable: true } : {}),
    })),
    Entities: writing.entities.map((entity) => ({
      BeginOffsetMillis: entity.beginMs,
      EndOffsetMillis: entity.endMs,
      Category: "PII",
      Type: entity.type,
      Content: entity.content,
      Confidence: CONFIDENCE,
    })),
    ...(partial ? {} : { Sentiment: (phrase?.sentiment ?? "neutral").toUpperCase() }),
    ...(issue ? { IssuesDetected: [{ CharacterOffsets: { Begin: 0, End: withoutStop(writing.transcript).length } }] } : {}),
    LanguageCode: utterance.languageCode,
    ...identification(request, utterance),
  };
  return { name: "UtteranceEvent", body };
}

/** Removes the last punctuation mark, because an issue covers words only. */
function withoutStop(transcript: string): string {
  return transcript.replace(/[.!?]$/, "");
}

function categoryEvents(utterance: TranscribedUtterance): ResultEvent[] {
  const category = utterance.phrase?.category ?? null;
  if (utterance.partial || category === null) return [];
  const range = { BeginOffsetMillis: utterance.beginMs, EndOffsetMillis: utterance.endMs };
  const body = { MatchedCategories: [category], MatchedDetails: { [category]: { TimestampRanges: [range] } } };
  return [{ name: "CategoryEvent", body }];
}

function transcriptEvent(request: TranscribeRequest, utterance: TranscribedUtterance): ResultEvent {
  const { writing } = utterance;
  const span = (of: { beginMs: number; endMs: number }) => ({ StartTime: of.beginMs / 1000, EndTime: of.endMs / 1000 });
  const result = {
    ResultId: utterance.id,
    ...span(utterance),
    IsPartial: utterance.partial,
    Alternatives: [
      {
        Transcript: writing.transcript,
        Items: writing.words.map((word) => ({
          ...span(word),
          Type: word.type,
          Content: word.content,
          VocabularyFilterMatch: false,
          Confidence: CONFIDENCE,
          ...(request.partialStability ? { Stable: true } : {}),
        })),
        Entities: writing.entities.map((entity) => ({
          ...span(entity),
          Category: "PII",
          Type: entity.type,
          Content: entity.content,
          Confidence: CONFIDENCE,
        })),
      },
    ],
    ...(request.channels === 2 ? { ChannelId: `ch_${utterance.channel}` } : {}),
    LanguageCode: utterance.languageCode,
    ...identification(request, utterance),
  };
  return { name: "TranscriptEvent", body: { Transcript: { Results: [result] } } };
}

function identification(request: TranscribeRequest, utterance: TranscribedUtterance): object {
  if (!request.identifyLanguage) return {};
  const scores = request.languages.map((code) => ({
    LanguageCode: code,
    Score: code === utterance.languageCode ? CONFIDENCE : 1 - CONFIDENCE,
  }));
  return { LanguageIdentification: scores };
}
