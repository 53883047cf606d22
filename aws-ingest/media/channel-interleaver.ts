import {
  BYTES_PER_FRAME,
  BYTES_PER_SAMPLE,
  CHANNELS,
  type Frames,
  frames,
  framesToBytes,
  framesToMs,
  msToFrames,
} from "./audio-units.ts";
import { type AudioChannel, channelOf, type Fragment } from "./fragment.ts";
import { InterleaverError } from "./interleaver-error.ts";
import { insertSpan, type Span } from "./spans.ts";
import { TrackJoints } from "./track-joints.ts";

/** Up to 100 ms of both channels. */
export interface StereoChunk {
  /** Position of its first frame on the contact's timeline. */
  firstFrame: Frames;
  /** Interleaved PCM. No chunk crosses a multiple of 100 ms. Do not write into it: silent chunks share one buffer. */
  pcm: Uint8Array;
}

/** The state with which another interleaver goes on and gives the same audio. Plain JSON. */
export interface InterleaverState {
  /** Producer time of frame 0, epoch ms. null before the first block. */
  t0Ms: number | null;
  /** The first frame that has not been handed out. */
  nextFrame: Frames;
  /**
   * The newest fragment whose frames have all been handed out. Reading goes on behind it. The interleaver skips the frames of
   * later fragments that it has handed out already. null means that reading begins where it began before.
   */
  afterFragment: string | null;
  /** Per channel, the end of the audio up to `afterFragment`. The next block joins it. null: no block came, or none is known. */
  joinAt: JoinPoints;
  /** Samples that were lost because their channel came more than a second after the other one. */
  lateSamples: number;
}

export type JoinPoints = [customer: Frames | null, agent: Frames | null];

export const START_OF_CONTACT: InterleaverState = {
  t0Ms: null,
  nextFrame: frames(0),
  afterFragment: null,
  joinAt: [null, null],
  lateSamples: 0,
};

const CHUNK = msToFrames(100);
/**
 * How long one channel waits for the other, in time of audio. Amazon Connect puts both channels of a second into the same
 * fragment, so a channel that is missing for longer is silent.
 */
const MAX_WAIT = msToFrames(1000);
/** A gap longer than the longest transcription (4 h) is a broken timestamp and no pause. */
const MAX_GAP = msToFrames(4 * 3_600_000);
/** GetMedia API reference, AfterFragmentNumber. */
const FRAGMENT_NUMBER = /^[0-9]{1,128}$/;
const SILENCE = new Uint8Array(framesToBytes(CHUNK));

interface PlacedBlock extends Span {
  channel: AudioChannel;
  timeMs: number;
  payload: Uint8Array;
}

/**
 * Puts the two channels of a contact on one timeline. A sample's place follows from the time of its block, never from its
 * arrival: (time - t0) x 8. Times are rounded to ticks, so a block that begins within one tick of the end of the block before it
 * follows that one without a gap. Other gaps are zeros. A filled place stays as it is, so repeated and overlapping blocks double
 * nothing. Fragments that are not newer than the newest one are left out.
 *
 * Audio is handed out as soon as both channels of the newest fragment have passed it, or one has passed it by a second. The
 * result depends only on the fragments. The interleaver holds about a second of audio, however long the call is.
 */
export class ChannelInterleaver {
  #t0Ms: number | null;
  #next: number;
  #lateSamples: number;
  #afterFragment: string | null;
  #newest: bigint | null;
  /** Per channel, the end of the audio that was handed out, zeros excluded. A repetition of it is no late audio. */
  readonly #handedOutTo: [number, number];
  /** Chunks that have begun, by number (first frame / 800). */
  readonly #begun = new Map<number, Int16Array>();
  /** Per channel, the filled spans from `#next` on, in order and without overlaps. */
  readonly #filled: readonly [Span[], Span[]] = [[], []];
  /** Fragments whose frames have not all been handed out. */
  readonly #pending: { number: string; to: number; joinAt: JoinPoints }[] = [];
  #joints: readonly [TrackJoints, TrackJoints];
  #joinAt: JoinPoints;

  /** @throws InterleaverError if the state is none. */
  constructor(state: InterleaverState = START_OF_CONTACT) {
    const { nextFrame, afterFragment } = state;
    if (!Number.isSafeInteger(nextFrame) || nextFrame < 0) {
      throw new InterleaverError(`The interleaver's nextFrame is ${nextFrame}. It must be a whole number from 0 on.`);
    }
    if (afterFragment !== null && !FRAGMENT_NUMBER.test(afterFragment)) {
      throw new InterleaverError(
        `The interleaver's afterFragment is ${JSON.stringify(afterFragment)}. It must be up to 128 digits.`,
      );
    }
    if (state.t0Ms !== null && !Number.isFinite(state.t0Ms)) {
      throw new InterleaverError(`The interleaver's t0Ms is ${state.t0Ms}. It must be a time in epoch ms.`);
    }
    this.#t0Ms = state.t0Ms;
    this.#next = nextFrame;
    this.#handedOutTo = [nextFrame, nextFrame];
    this.#joinAt = state.joinAt;
    this.#joints = [new TrackJoints(state.joinAt[0]), new TrackJoints(state.joinAt[1])];
    this.#lateSamples = state.lateSamples;
    this.#afterFragment = afterFragment;
    this.#newest = afterFragment === null ? null : BigInt(afterFragment);
  }

  /**
   * Places a fragment of the contact (`belongsTo`) and returns the chunks that it makes ready. The earliest block of the first
   * fragment with audio sets t0, unless the state has one. Audio before t0 is left out. A fragment that was cut off is
   * expected again: its number is not kept, and its repetition fills only the places that are still free.
   * @throws InterleaverError for a block hours away from the rest.
   */
  addFragment(fragment: Fragment): StereoChunk[] {
    const number = numberOf(fragment);
    if (number !== null && this.#newest !== null && (fragment.continued ? number < this.#newest : number <= this.#newest))
      return [];
    const { placed, t0Ms, expected } = this.#placeBlocks(fragment);
    this.#t0Ms = t0Ms;
    let to = 0;
    for (const block of placed) {
      this.#joints[block.channel].keepPlace(block.timeMs, block);
      this.#writeBlock(block);
      to = Math.max(to, block.to);
    }
    if (number !== null && fragment.complete) {
      this.#newest = number;
      const joinAt: JoinPoints = [this.#joints[0].end, this.#joints[1].end];
      this.#pending.push({ number: fragment.fragmentNumber ?? "", to, joinAt });
    }

    const ends = [this.#filledTo(0), this.#filledTo(1)];
    const slowest = Math.min(...expected.map((channel) => ends[channel] ?? 0));
    return this.#handOutTo(Math.max(expected.length > 0 ? slowest : 0, Math.max(...ends) - MAX_WAIT));
  }

  /** Hands out everything up to this position (rounded up to a whole chunk), with zeros where nothing has come. */
  advanceTo(position: Frames): StereoChunk[] {
    return this.#handOutTo(Math.ceil(position / CHUNK) * CHUNK);
  }

  /** Hands out the rest at the end of the call. Zeros fill the last chunk. */
  flushChunks(): StereoChunk[] {
    return this.advanceTo(frames(Math.max(this.#filledTo(0), this.#filledTo(1))));
  }

  /** Goes on with another stream, whose fragment numbers say nothing about those of the last one. Hands out what is left. */
  changeStream(): StereoChunk[] {
    const chunks = this.flushChunks();
    this.#newest = null;
    this.#afterFragment = null;
    this.#pending.length = 0;
    this.#joinAt = [null, null];
    this.#joints = [new TrackJoints(null), new TrackJoints(null)];
    return chunks;
  }

  state(): InterleaverState {
    const nextFrame = frames(this.#next);
    return {
      t0Ms: this.#t0Ms,
      nextFrame,
      afterFragment: this.#afterFragment,
      joinAt: this.#joinAt,
      lateSamples: this.#lateSamples,
    };
  }

  #placeBlocks(fragment: Fragment): { placed: PlacedBlock[]; t0Ms: number | null; expected: AudioChannel[] } {
    const sides = [...fragment.tracks].flatMap(([name, track]) => {
      const channel = channelOf(name, fragment.tracks.size);
      if (channel !== null && track.problem !== undefined)
        throw new InterleaverError(`The track ${name} has ${track.problem}. Its audio is left out.`, "UnsupportedSound");
      return channel === null ? [] : [{ channel, blocks: track.blocks }];
    });
    const blocks = sides.flatMap(({ channel, blocks }) => blocks.map((block) => ({ channel, block })));
    let t0Ms = this.#t0Ms;
    if (t0Ms === null && blocks.length > 0)
      t0Ms = blocks.reduce((least, { block }) => Math.min(least, block.timeMs), Number.POSITIVE_INFINITY);
    const zero = t0Ms ?? 0;
    const tick = Math.max(1, msToFrames(fragment.tickMs));
    const ends: [number | null, number | null] = [this.#joints[0].end, this.#joints[1].end];
    const placed = blocks.map(({ channel, block: { timeMs, payload } }) => {
      const from = this.#joints[channel].placeOf(timeMs, msToFrames(timeMs - zero), ends[channel], tick);
      const to = from + Math.floor(payload.length / BYTES_PER_SAMPLE);
      ends[channel] = Math.max(ends[channel] ?? to, to);
      return { channel, timeMs, from, to, payload };
    });
    const newest = Math.max(this.#next, this.#filledTo(0), this.#filledTo(1));
    const wild = placed.find(({ from }) => !(Math.abs(from - newest) <= MAX_GAP));
    if (wild) {
      const hours = Math.round(framesToMs(frames(wild.from - newest)) / 3_600_000);
      const name = fragment.fragmentNumber ?? "without number";
      throw new InterleaverError(
        `Fragment ${name} has a block ${hours} hours away from the rest of the call. Its audio is left out.`,
      );
    }
    return { placed, t0Ms, expected: sides.map(({ channel }) => channel) };
  }

  /** Copies the samples of a block whose places are free. */
  #writeBlock(block: PlacedBlock): void {
    const { channel, from, to, payload } = block;
    const lateFrom = Math.max(from, this.#handedOutTo[channel]);
    const lateTo = Math.min(to, this.#next);
    if (lateTo > lateFrom) this.#lateSamples += lateTo - lateFrom;

    const spans = this.#filled[channel];
    let at = Math.max(from, this.#next);
    let i = spans.length;
    while (i > 0 && (spans[i - 1]?.to ?? 0) > at) i -= 1;
    for (; at < to; i += 1) {
      const span = spans[i];
      const free = Math.min(to, span?.from ?? to);
      if (free > at) this.#copySamples(channel, at, free, payload, at - from);
      at = Math.max(free, span?.to ?? to);
    }
    insertSpan(spans, Math.max(from, this.#next), to);
  }

  #copySamples(channel: AudioChannel, from: number, to: number, payload: Uint8Array, skip: number): void {
    let at = from;
    let byte = skip * BYTES_PER_SAMPLE;
    while (at < to) {
      const number = Math.floor(at / CHUNK);
      let chunk = this.#begun.get(number);
      if (!chunk) {
        chunk = new Int16Array(CHUNK * CHANNELS);
        this.#begun.set(number, chunk);
      }
      const first = number * CHUNK;
      const end = Math.min(to, first + CHUNK);
      // Every machine that runs a Lambda is little-endian, so the array's own bytes are the PCM that Transcribe expects.
      for (let slot = (at - first) * CHANNELS + channel; at < end; at += 1, slot += CHANNELS, byte += BYTES_PER_SAMPLE) {
        chunk[slot] = (payload[byte] ?? 0) | ((payload[byte + 1] ?? 0) << 8);
      }
    }
  }

  #handOutTo(to: number): StereoChunk[] {
    const chunks: StereoChunk[] = [];
    while (this.#next < to) {
      const skip = this.#next % CHUNK;
      const number = (this.#next - skip) / CHUNK;
      const end = Math.min(CHUNK, skip + to - this.#next);
      const samples = this.#begun.get(number);
      if (end === CHUNK) this.#begun.delete(number);
      const bytes = samples ? new Uint8Array(samples.buffer) : SILENCE;
      const pcm = bytes.subarray(skip * BYTES_PER_FRAME, end * BYTES_PER_FRAME);
      chunks.push({ firstFrame: frames(this.#next), pcm });
      this.#next += end - skip;
    }
    this.#dropHandedOut(0);
    this.#dropHandedOut(1);
    for (let oldest = this.#pending[0]; oldest && oldest.to <= this.#next; oldest = this.#pending[0]) {
      this.#afterFragment = oldest.number;
      this.#joinAt = oldest.joinAt;
      this.#pending.shift();
    }
    return chunks;
  }

  #dropHandedOut(channel: AudioChannel): void {
    const spans = this.#filled[channel];
    for (let first = spans[0]; first && first.from < this.#next; first = spans[0]) {
      this.#handedOutTo[channel] = Math.min(first.to, this.#next);
      if (first.to > this.#next) break;
      spans.shift();
    }
    this.#joints[channel].forgetBefore(this.#next - CHUNK);
  }

  #filledTo(channel: AudioChannel): number {
    return this.#filled[channel].at(-1)?.to ?? this.#next;
  }
}

function numberOf({ fragmentNumber }: Fragment): bigint | null {
  return fragmentNumber !== null && FRAGMENT_NUMBER.test(fragmentNumber) ? BigInt(fragmentNumber) : null;
}
