import { type Channel, channelOf, type Fragment } from "./fragment.ts";

/** Up to 100 ms of both sides: interleaved 16-bit little-endian samples, customer = channel 0, agent = channel 1. Do not write into `pcm`. */
export interface StereoChunk {
  /** Position of its first sample on the contact's  new=interleaver = new(8 kHz, 0 = `t0Ms`). */
  firstSample: number;
  /** 4 bytes a sample; no chunk goes beyond the next multiple of 800 samples. */
  pcm: Uint8Array;
}

/** All that a successor needs to go on as if there had been no change. Plain JSON. */
export interface InterleaverState {
  /** Producer time of sample 0, epoch ms; null before the first block. */
  t0Ms: number | null;
  /** First sample not handed out yet. */
  nextSample: number;
  /**
   * Newest fragment of which every sample has been handed out (or that had none): go on reading behind this one. Later ones are to be read
   * again; what has been handed out of them is not handed out twice. Null: start where this reading started.
   */
  afterFragment: string | null;
  /** Samples lost because their side came more than a second after the other one. */
  lateSamples: number;
}

export const START_OF_CONTACT: InterleaverState = { t0Ms: null, nextSample: 0, afterFragment: null, lateSamples: 0 };

const SAMPLES_PER_MS = 8;
/** 100 ms: the sound is kept in cells of this length. */
const SAMPLES_PER_CHUNK = 800;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_FRAME = 2 * BYTES_PER_SAMPLE;
/**
 * How long one side is waited for while the other goes on, in time of sound, not of arrival: Connect puts both sides of a second into the same
 * fragment, so a side missing for longer is silent.
 */
const MAX_WAIT_SAMPLES = 1000 * SAMPLES_PER_MS;
/** A gap longer than the longest transcription (4 h) is a broken timestamp, not a pause. */
const MAX_GAP_SAMPLES = 4 * 3600 * 1000 * SAMPLES_PER_MS;
/** GetMedia API reference, AfterFragmentNumber. */
const FRAGMENT_NUMBER = /^[0-9]{1,128}$/;
const SILENCE = new Uint8Array(SAMPLES_PER_CHUNK * BYTES_PER_FRAME);

/** A block's time cannot be right. The fragment has been left out; the  new=interleaver = newis as it was. */
export class InterleaverError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InterleaverError";
  }
}

/** Samples [from, to) of one side. */
interface Span {
  from: number;
  to: number;
}

interface Placed extends Span {
  channel: Channel;
  payload: Uint8Array;
}

/**
 * Lays both sides of a contact on one 8 kHz  new=interleaver = newby the times of their blocks, never by arrival: a sample's place is (its time - t0) x 8. Gaps are
 * zeros; a place once filled stays as it is, so repeats and overlaps double nothing; fragments not newer than the newest one are left out.
 * Sound is handed out as soon as both sides of the newest fragment have passed it, or one has by a second: nothing waits for the next
 * fragment. The result depends on the fragments alone, not on when they came. It holds about a second of sound, whatever the length of the call.
 */
export class ChannelInterleaver {
  #t0Ms: number | null;
  #next: number;
  #lateSamples: number;
  #afterFragment: string | null;
  #newest: bigint | null;
  /** How far each side's sound has been handed out, rather than zeros in its place: hearing that again is no loss. */
  readonly #heardTo: [number, number];
  /** Chunks begun, by number (first sample / 800). */
  readonly #begun = new Map<number, Int16Array>();
  /** What is filled from `#next` on, per side, in order and without overlaps. */
  readonly #filled: readonly [Span[], Span[]] = [[], []];
  /** Fragments not wholly handed out. */
  readonly #pending: { number: string; to: number }[] = [];

  /** @throws InterleaverError if the state is none. */
  constructor(state: InterleaverState = START_OF_CONTACT) {
    const { nextSample, afterFragment } = state;
    if (!Number.isSafeInteger(nextSample) || nextSample < 0)
      throw new InterleaverError(`nextSample ${nextSample} is no position`);
    if (afterFragment !== null && !FRAGMENT_NUMBER.test(afterFragment)) {
      throw new InterleaverError(`afterFragment ${JSON.stringify(afterFragment)} is no fragment number`);
    }
    if (state.t0Ms !== null && !Number.isFinite(state.t0Ms)) throw new InterleaverError(`t0Ms ${state.t0Ms} is no time`);
    this.#t0Ms = state.t0Ms;
    this.#next = nextSample;
    this.#heardTo = [nextSample, nextSample];
    this.#lateSamples = state.lateSamples;
    this.#afterFragment = afterFragment;
    this.#newest = afterFragment === null ? null : BigInt(afterFragment);
  }

  /**
   * Places a fragment's sound and returns the chunks it makes ready. The fragment must belong to the contact (`belongsTo`). t0 is the earliest
   * block of the first fragment with sound, unless the state says otherwise; sound before t0 is left out. A fragment that was cut off is
   * expected again: its number is not kept, and its samples fill only what is still free.
   * @throws InterleaverError for a block hours away from the rest.
   */
  addFragment(fragment: Fragment): StereoChunk[] {
    const number = numberOf(fragment);
    if (number !== null && this.#newest !== null && (fragment.continued ? number < this.#newest : number <= this.#newest))
      return [];
    const { placed, t0Ms, expected } = this.#place(fragment);
    this.#t0Ms = t0Ms;
    let to = 0;
    for (const block of placed) {
      this.#write(block);
      to = Math.max(to, block.to);
    }
    if (number !== null && fragment.complete) {
      this.#newest = number;
      this.#pending.push({ number: fragment.fragmentNumber ?? "", to });
    }

    const ends = [this.#end(0), this.#end(1)];
    const slowest = Math.min(...expected.map((channel) => ends[channel] ?? 0));
    return this.#advance(Math.max(expected.length > 0 ? slowest : 0, Math.max(...ends) - MAX_WAIT_SAMPLES));
  }

  /** Hands out everything up to this sample (rounded up to a whole chunk), zeros where nothing has come: silence in place of an idle stream. */
  advanceTo(sample: number): StereoChunk[] {
    return this.#advance(Math.ceil(sample / SAMPLES_PER_CHUNK) * SAMPLES_PER_CHUNK);
  }

  /** The end: hands out the rest, the last chunk padded with zeros. */
  flushChunks(): StereoChunk[] {
    return this.advanceTo(Math.max(this.#end(0), this.#end(1)));
  }

  state(): InterleaverState {
    return { t0Ms: this.#t0Ms, nextSample: this.#next, afterFragment: this.#afterFragment, lateSamples: this.#lateSamples };
  }

  #place(fragment: Fragment): { placed: Placed[]; t0Ms: number | null; expected: Channel[] } {
    const sides = [...fragment.tracks].flatMap(([name, track]) => {
      const channel = channelOf(name, fragment.tracks.size);
      return channel === null ? [] : [{ channel, blocks: track.blocks }];
    });
    const blocks = sides.flatMap(({ channel, blocks }) => blocks.map((block) => ({ channel, block })));
    let t0Ms = this.#t0Ms;
    if (t0Ms === null && blocks.length > 0)
      t0Ms = blocks.reduce((least, { block }) => Math.min(least, block.timeMs), Number.POSITIVE_INFINITY);
    const zero = t0Ms ?? 0;
    const placed = blocks.map(({ channel, block }) => {
      const from = Math.round((block.timeMs - zero) * SAMPLES_PER_MS);
      const to = from + Math.floor(block.payload.length / BYTES_PER_SAMPLE);
      return { channel, from, to, payload: block.payload };
    });
    const newest = Math.max(this.#next, this.#end(0), this.#end(1));
    const wild = placed.find(({ from }) => !(Math.abs(from - newest) <= MAX_GAP_SAMPLES));
    if (wild) {
      const hours = Math.round((wild.from - newest) / SAMPLES_PER_MS / 3_600_000);
      throw new InterleaverError(
        `fragment ${fragment.fragmentNumber ?? "without number"} has a block ${hours} hours away from the call`,
      );
    }
    return { placed, t0Ms, expected: sides.map(({ channel }) => channel) };
  }

  /** Copies those samples of a block whose places are free. */
  #write(block: Placed): void {
    const { channel, from, to, payload } = block;
    const lateFrom = Math.max(from, this.#heardTo[channel]);
    const lateTo = Math.min(to, this.#next);
    if (lateTo > lateFrom) this.#lateSamples += lateTo - lateFrom;

    const spans = this.#filled[channel];
    let at = Math.max(from, this.#next);
    let i = spans.length;
    while (i > 0 && (spans[i - 1]?.to ?? 0) > at) i -= 1;
    for (; at < to; i += 1) {
      const span = spans[i];
      const free = Math.min(to, span?.from ?? to);
      if (free > at) this.#copy(channel, at, free, payload, at - from);
      at = Math.max(free, span?.to ?? to);
    }
    insert(spans, Math.max(from, this.#next), to);
  }

  #copy(channel: Channel, from: number, to: number, payload: Uint8Array, skip: number): void {
    let at = from;
    let byte = skip * BYTES_PER_SAMPLE;
    while (at < to) {
      const number = Math.floor(at / SAMPLES_PER_CHUNK);
      let chunk = this.#begun.get(number);
      if (!chunk) {
        chunk = new Int16Array(SAMPLES_PER_CHUNK * 2);
        this.#begun.set(number, chunk);
      }
      const first = number * SAMPLES_PER_CHUNK;
      const end = Math.min(to, first + SAMPLES_PER_CHUNK);
      // Every machine a Lambda runs on is little-endian, so the array's own bytes are what Transcribe expects.
      for (let slot = (at - first) * 2 + channel; at < end; at += 1, slot += 2, byte += 2) {
        chunk[slot] = (payload[byte] ?? 0) | ((payload[byte + 1] ?? 0) << 8);
      }
    }
  }

  #advance(to: number): StereoChunk[] {
    const chunks: StereoChunk[] = [];
    while (this.#next < to) {
      const skip = this.#next % SAMPLES_PER_CHUNK;
      const number = (this.#next - skip) / SAMPLES_PER_CHUNK;
      const end = Math.min(SAMPLES_PER_CHUNK, skip + to - this.#next);
      const samples = this.#begun.get(number);
      if (end === SAMPLES_PER_CHUNK) this.#begun.delete(number);
      const cell = samples ? new Uint8Array(samples.buffer) : SILENCE;
      chunks.push({ firstSample: this.#next, pcm: cell.subarray(skip * BYTES_PER_FRAME, end * BYTES_PER_FRAME) });
      this.#next += end - skip;
    }
    this.#forgetHandedOut(0);
    this.#forgetHandedOut(1);
    for (let oldest = this.#pending[0]; oldest && oldest.to <= this.#next; oldest = this.#pending[0]) {
      this.#afterFragment = oldest.number;
      this.#pending.shift();
    }
    return chunks;
  }

  #forgetHandedOut(channel: Channel): void {
    const spans = this.#filled[channel];
    for (let first = spans[0]; first && first.from < this.#next; first = spans[0]) {
      this.#heardTo[channel] = Math.min(first.to, this.#next);
      if (first.to > this.#next) return;
      spans.shift();
    }
  }

  #end(channel: Channel): number {
    return this.#filled[channel].at(-1)?.to ?? this.#next;
  }
}

function numberOf({ fragmentNumber }: Fragment): bigint | null {
  return fragmentNumber !== null && FRAGMENT_NUMBER.test(fragmentNumber) ? BigInt(fragmentNumber) : null;
}

/** Adds [from, to) to ordered spans and melts together what touches. */
function insert(spans: Span[], from: number, to: number): void {
  if (to <= from) return;
  let i = spans.length;
  while (i > 0 && (spans[i - 1]?.to ?? 0) >= from) i -= 1;
  let end = i;
  let merged: Span = { from, to };
  for (let span = spans[end]; span && span.from <= to; span = spans[end]) {
    merged = { from: Math.min(merged.from, span.from), to: Math.max(merged.to, span.to) };
    end += 1;
  }
  spans.splice(i, end - i, merged);
}
