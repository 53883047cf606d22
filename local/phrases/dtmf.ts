/**
 * A phrase spoken as telephone tones (8 kHz, 16-bit): a start mark, the phrase's number again and again for as long as a person would
 * need for its words, and an end mark. After the start mark comes how many repetitions there are; a repetition is three digits, how many repetitions are still to come, and two check
 * symbols; so audio that was lost, doubled, moved or mixed up is heard as an unknown phrase and never as another one.
 * The tones are those of ITU-T Q.23, the lengths are within ITU-T Q.24 (at least 40 ms of tone, 40 ms of quiet).
 */

export const SAMPLE_RATE = 8000;
/** Phrase numbers are three digits. */
export const MAX_PHRASE_NUMBER = 999;

/** 50 ms of tone. */
const TONE_SAMPLES = 400;
/** 40 ms of quiet after each tone. */
const GAP_SAMPLES = 320;
const PERIOD_SAMPLES = TONE_SAMPLES + GAP_SAMPLES;
const REPETITION_SYMBOLS = 6;
/** Start mark, count, end mark. */
const FRAME_SYMBOLS = 3;
/** 1.9 s: shorter phrases would leave no time for partial results. */
const MIN_REPETITIONS = 3;
/** 5.7 s; the count is one symbol of eleven values. */
const MAX_REPETITIONS = 10;
/** Each of the two sines of a tone; their sum stays far from clipping. */
const AMPLITUDE = 9000;
/** Below this a sample is quiet. */
const QUIET = 300;
/** 5 ms below `QUIET` end a tone: the sum of two sines stays quiet for far less. */
const TONE_END_SAMPLES = 40;
/** 2 ms: media timecodes are whole milliseconds, so honest audio may be laid a millisecond off. */
const SLACK_SAMPLES = 16;
/** A tone is read in this many pieces, of which one may be spoilt by a cut. */
const TONE_PIECES = 3;
/** Share of a piece's energy that has to be in the two strongest frequencies. */
const PURITY = 0.7;

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1209, 1336, 1477, 1633] as const;
const KEYS = "123A456B789C*0#D";
const START = "A";
const END = "D";
/** Digits of the field of eleven elements: ten digits and # for ten. */
const DIGITS = "0123456789#";
const FIELD = DIGITS.length;

/** Positions are samples since the decoder's first one; `end` is the first sample after the last tone. */
export type PhraseEvent =
  /** The number is known, the phrase still goes on until about `expectedEnd`. */
  | { type: "begun"; number: number; begin: number; expectedEnd: number }
  | { type: "phrase"; number: number; begin: number; end: number }
  /** Something sounded that is no whole phrase. */
  | { type: "unknown"; begin: number; end: number };

/**
 * The audio of phrase `number`, about `durationMs` long (1.9 s to 5.7 s, in steps of 540 ms), its last gap included, so that
 * phrases may follow each other without a pause. Throws a RangeError for a number that is not 0…999.
 */
export function encodePhrase(number: number, durationMs: number): Int16Array {
  if (!Number.isInteger(number) || number < 0 || number > MAX_PHRASE_NUMBER) {
    throw new RangeError(`phrase number ${number} is not in 0..${MAX_PHRASE_NUMBER}`);
  }
  const repetitions = repetitionsFor(durationMs);
  const symbols = spelling(number, repetitions);
  const samples = new Int16Array(symbols.length * PERIOD_SAMPLES);
  for (let index = 0; index < symbols.length; index += 1) writeTone(samples, index * PERIOD_SAMPLES, symbols.charAt(index));
  return samples;
}

/** Start mark, how many repetitions there are, the repetitions, end mark. */
function spelling(number: number, repetitions: number): string {
  let symbols = START + DIGITS.charAt(repetitions);
  for (let left = repetitions - 1; left >= 0; left -= 1) symbols += repetition(number, left);
  return symbols + END;
}

function repetitionsFor(durationMs: number): number {
  const symbols = (durationMs * SAMPLE_RATE) / 1000 / PERIOD_SAMPLES;
  const wanted = Math.round((symbols - FRAME_SYMBOLS) / REPETITION_SYMBOLS);
  return Math.min(MAX_REPETITIONS, Math.max(MIN_REPETITIONS, wanted));
}

/** Any two of these differ in three symbols at least: four values over a field of eleven with two independent sums. */
function repetition(number: number, left: number): string {
  const values = [Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10, left];
  const sum = values.reduce((total, value) => total + value, 0);
  const weighted = values.reduce((total, value, index) => total + value * (index + 1), 0);
  return [...values, sum % FIELD, weighted % FIELD].map((value) => DIGITS.charAt(value)).join("");
}

function writeTone(samples: Int16Array, at: number, symbol: string): void {
  const key = KEYS.indexOf(symbol);
  const low = LOW[key >> 2] ?? 0;
  const high = HIGH[key & 3] ?? 0;
  for (let index = 0; index < TONE_SAMPLES; index += 1) {
    const angle = (2 * Math.PI * index) / SAMPLE_RATE;
    samples[at + index] = Math.round(AMPLITUDE * (Math.sin(low * angle) + Math.sin(high * angle)));
  }
}

/** Which key most pieces of this tone are, or null. */
function readTone(samples: Int16Array): string | null {
  const length = Math.floor(samples.length / TONE_PIECES);
  const heard = new Set<string>();
  for (let piece = 0; piece < TONE_PIECES; piece += 1) {
    const symbol = readPiece(samples.subarray(piece * length, (piece + 1) * length));
    if (symbol === null) continue;
    if (heard.has(symbol)) return symbol;
    heard.add(symbol);
  }
  return null;
}

/** Which key this stretch of audio is, or null if it is not clean. */
function readPiece(samples: Int16Array): string | null {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const low = strongest(samples, LOW);
  const high = strongest(samples, HIGH);
  // Goertzel's power of a sine of amplitude a over n samples is (a n / 2)^2, its energy a^2 n / 2.
  const explained = ((low.power + high.power) * 2) / samples.length;
  return explained < PURITY * energy ? null : KEYS.charAt(low.index * 4 + high.index);
}

function strongest(samples: Int16Array, frequencies: readonly number[]): { index: number; power: number } {
  let best = { index: 0, power: -1 };
  frequencies.forEach((frequency, index) => {
    const power = goertzel(samples, frequency);
    if (power > best.power) best = { index, power };
  });
  return best;
}

function goertzel(samples: Int16Array, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
  let previous = 0;
  let beforeThat = 0;
  for (const sample of samples) {
    const now = sample + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = now;
  }
  return previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
}

/** A phrase being heard: `begin`…`end` of its tones so far; `symbols` is null once it cannot become a phrase any more. */
interface Hearing {
  begin: number;
  end: number;
  symbols: string | null;
  /** What the symbols must be; known from the first whole repetition on. */
  expected: string | null;
  number: number;
}

/** Listens to one channel. Feed it in pieces of any size; the events do not depend on where the cuts are. */
export class PhraseDecoder {
  readonly #tone = new Int16Array(TONE_SAMPLES + SLACK_SAMPLES);
  #toneBegin = -1;
  #lastLoud = -1;
  #position = 0;
  #hearing: Hearing | null = null;

  /** Samples heard so far. */
  get position(): number {
    return this.#position;
  }

  decodeSamples(samples: Int16Array): PhraseEvent[] {
    const events: PhraseEvent[] = [];
    for (const sample of samples) {
      const at = this.#position;
      this.#position += 1;
      if (sample > QUIET || sample < -QUIET) {
        if (this.#toneBegin < 0) this.#toneBegin = at;
        this.#lastLoud = at;
      }
      if (this.#toneBegin < 0) {
        if (this.#hearing !== null && at - this.#hearing.end > GAP_SAMPLES + SLACK_SAMPLES) this.#dropPhrase(events);
        continue;
      }
      const offset = at - this.#toneBegin;
      if (offset < this.#tone.length) this.#tone[offset] = sample;
      if (at - this.#lastLoud >= TONE_END_SAMPLES) this.#endTone(events);
    }
    return events;
  }

  /** The channel has ended: what was still sounding is unknown. */
  endAudio(): PhraseEvent[] {
    const events: PhraseEvent[] = [];
    if (this.#toneBegin >= 0) this.#endTone(events);
    this.#dropPhrase(events);
    return events;
  }

  #endTone(events: PhraseEvent[]): void {
    const begin = this.#toneBegin;
    const end = this.#lastLoud + 1;
    this.#toneBegin = -1;
    const length = end - begin;
    const whole = Math.abs(length - TONE_SAMPLES) <= SLACK_SAMPLES;
    const symbol = whole ? readTone(this.#tone.subarray(0, length)) : null;

    if (symbol === START) {
      this.#dropPhrase(events);
      this.#hearing = { begin, end, symbols: START, expected: null, number: -1 };
      return;
    }
    const hearing = this.#hearing;
    if (hearing === null) {
      this.#hearing = { begin, end, symbols: null, expected: null, number: -1 };
      return;
    }
    const inTime = Math.abs(begin - hearing.end - GAP_SAMPLES) <= SLACK_SAMPLES;
    hearing.end = end;
    if (hearing.symbols === null) return;
    hearing.symbols = symbol !== null && inTime ? hearing.symbols + symbol : null;
    this.#checkSymbols(hearing, events);
  }

  #checkSymbols(hearing: Hearing, events: PhraseEvent[]): void {
    if (hearing.symbols === null) return;
    if (hearing.expected === null && hearing.symbols.length === 2 + REPETITION_SYMBOLS) {
      const repetitions = DIGITS.indexOf(hearing.symbols.charAt(1));
      const number = Number(hearing.symbols.slice(2, 5));
      hearing.expected = Number.isInteger(number) && repetitions > 0 ? spelling(number, repetitions) : "";
      if (hearing.expected.startsWith(hearing.symbols)) {
        hearing.number = number;
        const expectedEnd = hearing.begin + hearing.expected.length * PERIOD_SAMPLES - GAP_SAMPLES;
        events.push({ type: "begun", number, begin: hearing.begin, expectedEnd });
      }
    }
    if (hearing.expected === null) return;
    if (hearing.symbols === hearing.expected) {
      events.push({ type: "phrase", number: hearing.number, begin: hearing.begin, end: hearing.end });
      this.#hearing = null;
    } else if (!hearing.expected.startsWith(hearing.symbols)) {
      hearing.symbols = null;
    }
  }

  #dropPhrase(events: PhraseEvent[]): void {
    if (this.#hearing === null) return;
    events.push({ type: "unknown", begin: this.#hearing.begin, end: this.#hearing.end });
    this.#hearing = null;
  }
}
