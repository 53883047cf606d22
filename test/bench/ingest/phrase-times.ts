import type { ScoredTurn } from "../../../aws-ingest/scoring/sentiment-score.ts";
import type { TranscribedUtterance } from "../../../local/aws/transcribe-session.ts";
import type { TranscribeTap } from "../../../local/aws/transcribe-stream.ts";

/** The times of one phrase at the stand-ins, in epoch ms with fractions. All processes of one machine share its clock. */
export interface TimedPhrase {
  contactId: string;
  turn: ScoredTurn;
  /** When the fragment with its last audio went into the GetMedia answer. */
  writtenAt: number;
  /** When the speech service had received that audio. */
  receivedAt: number;
  /** When the speech service had sent its final result. */
  finalAt: number;
}

/** At `at`, the call's audio up to `untilMs` was there. */
interface AudioMark {
  untilMs: number;
  at: number;
}

/** The speech service rounds the end of a phrase to whole milliseconds. */
const ROUNDING_MS = 0.5;

function clockNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Records when each call's audio is written and received, and calls back for every phrase with a final result. */
export class PhraseTimes implements TranscribeTap {
  readonly #written = new Map<string, AudioMark[]>();
  readonly #received = new Map<string, AudioMark[]>();
  readonly #onPhrase: (phrase: TimedPhrase) => void;

  constructor(onPhrase: (phrase: TimedPhrase) => void) {
    this.#onPhrase = onPhrase;
  }

  /** Call before the audio up to `untilMs` is written to the call's stream. */
  noteWritten(contactId: string, untilMs: number): void {
    addMark(this.#written, contactId, untilMs);
  }

  onAudio(contactId: string, audioMs: number): void {
    addMark(this.#received, contactId, audioMs);
  }

  onFinalResult(contactId: string, { id, role, beginMs, endMs, phrase }: TranscribedUtterance): void {
    const writtenAt = timeOf(this.#written, contactId, endMs);
    const receivedAt = timeOf(this.#received, contactId, endMs);
    if (phrase === null || role === null || writtenAt === null || receivedAt === null) return;
    const turn = { turnId: id, role, beginMs, endMs, sentiment: phrase.sentiment };
    this.#onPhrase({ contactId, turn, writtenAt, receivedAt, finalAt: clockNow() });
  }
}

function addMark(marks: Map<string, AudioMark[]>, contactId: string, untilMs: number): void {
  const mark = { untilMs, at: clockNow() };
  const known = marks.get(contactId);
  if (known === undefined) marks.set(contactId, [mark]);
  else known.push(mark);
}

function timeOf(marks: ReadonlyMap<string, readonly AudioMark[]>, contactId: string, ms: number): number | null {
  return marks.get(contactId)?.find(({ untilMs }) => untilMs >= ms - ROUNDING_MS)?.at ?? null;
}
