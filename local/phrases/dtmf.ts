/**
 * Writes and reads a phrase as telephone tones (8 kHz, 16-bit). The tones are those of ITU-T Q.23. Their lengths are within
 * ITU-T Q.24: at least 40 ms of tone and 40 ms of quiet.
 *
 * A phrase is a start mark, the count of its repetitions, the repetitions, and an end mark. A repetition is the phrase's number
 * in three digits, the count of repetitions that follow, and two check symbols. There are as many repetitions as a person needs
 * time for the words. The decoder reads lost, doubled, moved or mixed audio as an unknown phrase, never as another one.
 */

export const SAMPLE_RATE = 8000;
/** A phrase number has three digits. */
export const MAX_PHRASE_NUMBER = 999;

/** 50 ms of tone. */
const TONE_SAMPLES = 400;
/** 40 ms of quiet after each tone. */
const GAP_SAMPLES = 320;
const PERIOD_SAMPLES = TONE_SAMPLES + GAP_SAMPLES;
const REPETITION_SYMBOLS = 6;
/** Start mark, count, end mark. */
const FRAME_SYMBOLS = 3;
/** 1.9 s. Shorter phrases leave no time for partial results. */
const MIN_REPETITIONS = 3;
/** 5.7 s. The count is one symbol with eleven values. */
const MAX_REPETITIONS = 10;
/** The amplitude of each of the two sines of a tone. Their sum stays far below clipping. */
const AMPLITUDE = 9000;
/** A sample below this level is quiet. */
const QUIET = 300;
/** A tone ends after 5 ms below `QUIET`. Within a tone, the sum of two sines is quiet for a much shorter time. */
const TONE_END_SAMPLES = 40;
/** 2 ms. Media timecodes are whole milliseconds, so undamaged audio may be placed a millisecond off. */
const SLACK_SAMPLES = 16;
/** The decoder reads a tone in this many pieces. A cut may spoil one of them. */
const TONE_PIECES = 3;
/** The share of a piece's energy that the two strongest frequencies must have. */
const PURITY = 0.7;

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1209, 1336, 1477, 1633] as const;
const KEYS = "123A456B789C*0#D";
const START = "A";
const END = "D";
/** The digits of a field of eleven elements, with # for ten. */
const DIGITS = "0123456789#";
const FIELD = DIGITS.length;

/** Positions count samples since the decoder's first one. `end` is the first sample after the last tone. */
export type PhraseEvent =
  /** The number is known. The phrase goes on until about `expectedEnd`. */
  | { type: "begun"; number: number; begin: number; expectedEnd: number }
  | { type: "phrase"; number: number; begin: number; end: number }
  /** The audio was not silent, but it is not a whole phrase. */
  | { type: "unknown"; begin: number; end: number };

/**
 * Returns the audio of phrase `number`, about `durationMs` long: 1.9 s to 5.7 s, in steps of 540 ms. It ends with a gap, so
 * the next phrase may follow at once.
 * @throws RangeError for a number outside 0 to 999
 */
export function encodePhrase(number: number, durationMs: number): Int16Array {
  if (!Number.isInteger(number) || number < 0 || number > MAX_PHRASE_NUMBER) {
    throw new RangeError(`encodePhrase: ${number} is not a phrase number (0 to ${MAX_PHRASE_NUMBER})`);
  }
  const repetitions = repetitionsFor(durationMs);
  const symbols = spelling(number, repetitions);
  const samples = new Int16Array(symbols.length * PERIOD_SAMPLES);
  for (let index = 0; index < symbols.length; index += 1) writeTone(samples, index * PERIOD_SAMPLES, symbols.charAt(index));
  return samples;
}

/** Returns the symbols of a phrase: start mark, count of repetitions, the repetitions, end mark. */
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

/** Returns one repetition. Two of them differ in at least three symbols, because of the two independent check sums. */
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

/** Returns the key of most pieces of this tone, or null when they differ. */
function readTone(samples: Int16Array): string | null {
  const length = Math.floor(samples.length / TONE_PIECES);
  const seen = new Set<string>();
  for (let piece = 0; piece < TONE_PIECES; piece += 1) {
    const symbol = readPiece(samples.subarray(piece * length, (piece + 1) * length));
    if (symbol === null) continue;
    if (seen.has(symbol)) return symbol;
    seen.add(symbol);
  }
  return null;
}

/** Returns the key of this piece of audio, or null when it has other energy too. */
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

/** A phrase that has begun, with the begin and end of its tones so far. `symbols` is null when it cannot become a phrase. */
interface OpenPhrase {
  begin: number;
  end: number;
  symbols: string | null;
  /** All symbols of the phrase. null before the first whole repetition. */
  expected: string | null;
  number: number;
}

/** Decodes one channel. It takes pieces of any size. The events do not depend on the sizes. */
export class PhraseDecoder {
  readonly #tone = new Int16Array(TONE_SAMPLES + SLACK_SAMPLES);
  #toneBegin = -1;
  #lastVoice = -1;
  #position = 0;
  #open: OpenPhrase | null = null;

  /** The number of samples so far. */
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
        this.#lastVoice = at;
      }
      if (this.#toneBegin < 0) {
        if (this.#open !== null && at - this.#open.end > GAP_SAMPLES + SLACK_SAMPLES) this.#dropPhrase(events);
        continue;
      }
      const offset = at - this.#toneBegin;
      if (offset < this.#tone.length) this.#tone[offset] = sample;
      if (at - this.#lastVoice >= TONE_END_SAMPLES) this.#endTone(events);
    }
    return events;
  }

  /** Call at the end of the audio. A phrase that is not complete becomes an `unknown` event. */
  endAudio(): PhraseEvent[] {
    const events: PhraseEvent[] = [];
    if (this.#toneBegin >= 0) this.#endTone(events);
    this.#dropPhrase(events);
    return events;
  }

  #endTone(events: PhraseEvent[]): void {
    const begin = this.#toneBegin;
    const end = this.#lastVoice + 1;
    this.#toneBegin = -1;
    const length = end - begin;
    const whole = Math.abs(length - TONE_SAMPLES) <= SLACK_SAMPLES;
    const symbol = whole ? readTone(this.#tone.subarray(0, length)) : null;

    if (symbol === START) {
      this.#dropPhrase(events);
      this.#open = { begin, end, symbols: START, expected: null, number: -1 };
      return;
    }
    const open = this.#open;
    if (open === null) {
      this.#open = { begin, end, symbols: null, expected: null, number: -1 };
      return;
    }
    const inTime = Math.abs(begin - open.end - GAP_SAMPLES) <= SLACK_SAMPLES;
    open.end = end;
    if (open.symbols === null) return;
    open.symbols = symbol !== null && inTime ? open.symbols + symbol : null;
    this.#checkSymbols(open, events);
  }

  #checkSymbols(open: OpenPhrase, events: PhraseEvent[]): void {
    if (open.symbols === null) return;
    if (open.expected === null && open.symbols.length === 2 + REPETITION_SYMBOLS) {
      const repetitions = DIGITS.indexOf(open.symbols.charAt(1));
      const number = Number(open.symbols.slice(2, 5));
      open.expected = Number.isInteger(number) && repetitions > 0 ? spelling(number, repetitions) : "";
      if (open.expected.startsWith(open.symbols)) {
        open.number = number;
        const expectedEnd = open.begin + open.expected.length * PERIOD_SAMPLES - GAP_SAMPLES;
        events.push({ type: "begun", number, begin: open.begin, expectedEnd });
      }
    }
    if (open.expected === null) return;
    if (open.symbols === open.expected) {
      events.push({ type: "phrase", number: open.number, begin: open.begin, end: open.end });
      this.#open = null;
    } else if (!open.expected.startsWith(open.symbols)) {
      open.symbols = null;
    }
  }

  #dropPhrase(events: PhraseEvent[]): void {
    if (this.#open === null) return;
    events.push({ type: "unknown", begin: this.#open.begin, end: this.#open.end });
    this.#open = null;
  }
}
