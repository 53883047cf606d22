import type { Phrase, PhraseSentiment } from "../phrases/phrase.ts";
import { redactedText } from "../phrases/phrase-book.ts";
import type { Home } from "./agent-event.ts";
import type { Call } from "./call.ts";
import type { CallPlan } from "./call-plan.ts";
import type { WrittenUtterance } from "./live-call.ts";
import { cachedPhraseAudio } from "./phrase-audio.ts";

/**
 * One record of Contact Lens' real-time contact analysis segment stream, voice, version 1.0.0 (Administrator Guide, "Data model
 * for real-time contact analysis segment streams", read 2026-11-26).
 */
export interface AnalysisRecord {
  Version: "1.0.0";
  Channel: "VOICE";
  AccountId: string;
  InstanceId: string;
  ContactId: string;
  LanguageCode: string;
  EventType: "STARTED" | "SEGMENTS" | "COMPLETED";
  Segments?: readonly object[];
}

const SAMPLES_PER_MS = 8;
/** Contact Lens needs about this long after the last word before it writes the turn. */
const ANALYSED_AFTER_MS = 1_500;
/** The words of one `Utterance`, about two seconds of speech. */
const WORDS_PER_PIECE = 6;
/** Contact Lens knows no mixed sentiment. */
const SENTIMENTS: Readonly<Record<PhraseSentiment, string>> = {
  positive: "POSITIVE",
  neutral: "NEUTRAL",
  negative: "NEGATIVE",
  mixed: "NEUTRAL",
};

interface DueSegment {
  atMs: number;
  segment: object;
  /** The utterance that the hub has in whole once it has this segment. */
  completes?: WrittenUtterance;
}

/**
 * One call in progress whose flow turned on Contact Lens' real-time analysis instead of media streaming. Nobody has to listen to
 * its audio: Contact Lens writes the turns to Kinesis. As in Amazon Connect, its times count from the moment in which the agent
 * answered, personal data is redacted, and each turn comes once.
 */
export class AnalysedCall {
  readonly call: Call;
  readonly #home: Home;
  readonly #putRecord: (record: AnalysisRecord) => void;
  #connectedAt: number | null = null;
  #due: DueSegment[] = [];
  readonly #written: WrittenUtterance[] = [];

  constructor(home: Home, call: Call, putRecord: (record: AnalysisRecord) => void) {
    this.#home = home;
    this.call = call;
    this.#putRecord = putRecord;
  }

  connectAgent(at: number, plan: CallPlan): void {
    this.#connectedAt = at;
    this.#due = plan.utterances
      .flatMap(({ phrase, beginMs }, index) => segmentsOf(phrase, beginMs, `${this.call.contactId}-${index}`))
      .toSorted((a, b) => a.atMs - b.atMs);
    this.#write("STARTED");
  }

  /** Returns the utterances whose turn was written. */
  writtenUtterances(): WrittenUtterance[] {
    return [...this.#written];
  }

  /** Writes the segments that are due. Returns the delay of the oldest one, ms. */
  writeDue(now: number): number {
    if (this.#connectedAt === null) return 0;
    const talkedMs = now - this.#connectedAt;
    const due = this.#due.filter(({ atMs }) => atMs <= talkedMs);
    this.#writeSegments(due);
    return talkedMs - (due[0]?.atMs ?? talkedMs);
  }

  /** Writes the turns that were said to their end, and the end of the analysis. */
  writeEnd(now: number): void {
    if (this.#connectedAt === null) return;
    const saidMs = now - this.#connectedAt;
    this.#writeSegments(this.#due.filter(({ atMs, completes }) => (completes?.endMs ?? atMs) <= saidMs));
    this.#write("COMPLETED");
  }

  #writeSegments(due: readonly DueSegment[]): void {
    if (due.length === 0) return;
    this.#due = this.#due.filter((segment) => !due.includes(segment));
    for (const { completes } of due) if (completes !== undefined) this.#written.push(completes);
    this.#write(
      "SEGMENTS",
      due.map(({ segment }) => segment),
    );
  }

  #write(EventType: AnalysisRecord["EventType"], Segments?: readonly object[]): void {
    this.#putRecord({
      Version: "1.0.0",
      Channel: "VOICE",
      AccountId: this.#home.accountId,
      InstanceId: this.#home.instanceId,
      ContactId: this.call.contactId,
      LanguageCode: this.call.languageCode.startsWith("es") ? "es-US" : "en-US",
      EventType,
      ...(Segments !== undefined && { Segments }),
    });
  }
}

/** Returns what Contact Lens writes of one phrase: its words while they are said, then the turn, then its category. */
function segmentsOf(phrase: Phrase, beginMs: number, turnId: string): DueSegment[] {
  const endMs = beginMs + Math.round(cachedPhraseAudio(phrase).length / SAMPLES_PER_MS);
  const atMs = endMs + ANALYSED_AFTER_MS;
  const Content = redactedText(phrase);
  const speaker = { ParticipantId: phrase.role.toUpperCase(), ParticipantRole: phrase.role.toUpperCase() };
  const issue = { CharacterOffsets: { BeginOffsetChar: 0, EndOffsetChar: Content.length } };
  const turn = {
    Transcript: {
      Id: turnId,
      ...speaker,
      Content,
      BeginOffsetMillis: beginMs,
      EndOffsetMillis: endMs,
      Sentiment: SENTIMENTS[phrase.sentiment],
      ...(phrase.role === "customer" && phrase.stage === "issue" && { IssuesDetected: [issue] }),
    },
  };
  const category = phrase.category === null ? [] : [{ atMs, segment: categoryOf(phrase.category, beginMs, endMs) }];
  return [
    ...piecesOf(Content, beginMs, endMs, turnId, speaker),
    { atMs, segment: turn, completes: { phrase, beginMs, endMs } },
    ...category,
  ];
}

/** Cuts a text into utterances, each due when its last word was said. */
function piecesOf(text: string, beginMs: number, endMs: number, turnId: string, speaker: object): DueSegment[] {
  const words = text.split(" ");
  const timeOf = (word: number) => Math.round(beginMs + ((endMs - beginMs) * Math.min(word, words.length)) / words.length);
  return Array.from({ length: Math.ceil(words.length / WORDS_PER_PIECE) }, (_, index) => {
    const from = index * WORDS_PER_PIECE;
    const to = from + WORDS_PER_PIECE;
    const span = { BeginOffsetMillis: timeOf(from), EndOffsetMillis: timeOf(to) };
    const PartialContent = words.slice(from, to).join(" ");
    return {
      atMs: timeOf(to),
      segment: { Utterance: { Id: `${turnId}-${index}`, TranscriptId: turnId, ...speaker, PartialContent, ...span } },
    };
  });
}

function categoryOf(name: string, BeginOffsetMillis: number, EndOffsetMillis: number): object {
  const MatchedDetails = { [name]: { PointsOfInterest: [{ BeginOffsetMillis, EndOffsetMillis }] } };
  return { Categories: { MatchedCategories: [name], MatchedDetails } };
}
