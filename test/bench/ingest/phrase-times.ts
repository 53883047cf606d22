import type { ScoredTurn } from "../../../aws-ingest/scoring/sentiment-score.ts";
import type { TranscribedUtterance } from "../../../local/aws/transcribe-session.ts";
import type { TranscribeTap } from "../../../local/aws/transcribe-stream.ts";

/** A phrase on its way through the stand-ins. Epoch ms of this machine, with fractions: all processes share one clock. */
export interface TimedPhrase {
  contactId: string;
  turn: ScoredTurn;
  /** The fragment with its last sound went into the GetMedia answer. */
  writtenAt: number;
  /** The recogniser had that sound. */
  heardAt: number;
  /** The recogniser had written its final result. */
  toldAt: number;
}

/** From here on the call's sound up to `untilMs` was there. */
interface Mark {
  untilMs: number;
  at: number;
}

/** The recogniser rounds the end of a phrase to whole milliseconds. */
const ROUNDING_MS = 0.5;

function clockNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Notes when each call's sound is written and heard, and tells of every phrase when its final result is out. */
export class PhraseTimes implements TranscribeTap {
  readonly #written = new Map<string, Mark[]>();
  readonly #heard = new Map<string, Mark[]>();
  readonly #tell: (phrase: TimedPhrase) => void;

  constructor(tell: (phrase: TimedPhrase) => void) {
    this.#tell = tell;
  }

  /** The call's sound up to `untilMs` is about to be written to its stream. */
  writing(contactId: string, untilMs: number): void {
    note(this.#written, contactId, untilMs);
  }

  onAudio(contactId: string, audioMs: number): void {
    note(this.#heard, contactId, audioMs);
  }

  onFinalResult(contactId: string, { id, role, beginMs, endMs, phrase }: TranscribedUtterance): void {
    const writtenAt = reached(this.#written, contactId, endMs);
    const heardAt = reached(this.#heard, contactId, endMs);
    if (phrase === null || role === null || writtenAt === null || heardAt === null) return;
    const turn = { turnId: id, role, beginMs, endMs, sentiment: phrase.sentiment };
    this.#tell({ contactId, turn, writtenAt, heardAt, toldAt: clockNow() });
  }
}

function note(marks: Map<string, Mark[]>, contactId: string, untilMs: number): void {
  const mark = { untilMs, at: clockNow() };
  const known = marks.get(contactId);
  if (known === undefined) marks.set(contactId, [mark]);
  else known.push(mark);
}

function reached(marks: ReadonlyMap<string, readonly Mark[]>, contactId: string, ms: number): number | null {
  return marks.get(contactId)?.find(({ untilMs }) => untilMs >= ms - ROUNDING_MS)?.at ?? null;
}
