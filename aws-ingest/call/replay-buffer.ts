import type { StereoChunk } from "../media/channel-interleaver.ts";
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from "./speech.ts";

/** Sides that are already transcribed further than the buffer is read from: their sound before it is replaced by silence. */
export interface MuteRange {
  customerUntil: number;
  agentUntil: number;
}

/** Reading stops being ahead of transcription at a minute (2 MB): a late start has the rest waiting in Kinesis. */
const MAX_AHEAD_SAMPLES = 60 * SAMPLE_RATE;

/**
 * The recent past of a call's audio, gapless, between the reader of the media stream and the recogniser. It is kept from the
 * point where speech is not yet turned into turns, so that a broken session can be repeated from there.
 */
export class ReplayBuffer {
  #chunks: StereoChunk[] = [];
  #begin: number;
  #end: number;
  #closed = false;
  #readUpTo: number;
  #wake: (() => void)[] = [];

  constructor(begin: number) {
    this.#begin = begin;
    this.#end = begin;
    this.#readUpTo = begin;
  }

  /** The first sample still kept. */
  get firstFrame(): number {
    return this.#begin;
  }

  /** The sample after the last one. */
  get endFrame(): number {
    return this.#end;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Appends what lies behind the end; a gap before it becomes silence. */
  appendChunk(chunk: StereoChunk): void {
    if (this.#closed) return;
    const after = chunk.firstSample + chunk.pcm.length / BYTES_PER_SAMPLE;
    if (after <= this.#end) return;
    if (chunk.firstSample > this.#end) {
      const gap = new Uint8Array((chunk.firstSample - this.#end) * BYTES_PER_SAMPLE);
      this.#chunks.push({ firstSample: this.#end, pcm: gap }, chunk);
    } else {
      const known = this.#end - chunk.firstSample;
      this.#chunks.push({ firstSample: this.#end, pcm: chunk.pcm.subarray(known * BYTES_PER_SAMPLE) });
    }
    this.#end = after;
    this.#wakeAll();
  }

  /** Nothing more will be appended. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Drops what lies before `sample`. */
  dropBefore(sample: number): void {
    const kept = this.#chunks.findIndex((chunk) => chunk.firstSample + chunk.pcm.length / BYTES_PER_SAMPLE > sample);
    if (kept === -1) this.#chunks = [];
    else if (kept > 0) this.#chunks.splice(0, kept);
    this.#begin = Math.max(this.#begin, Math.min(sample, this.#end));
  }

  /** `count` samples from `from` on, fewer at the end of the buffer; before the buffer's begin there is silence. Always a copy. */
  readFrames(from: number, count: number, mute: MuteRange): Uint8Array {
    const samples = Math.max(0, Math.min(count, this.#end - from));
    const pcm = new Uint8Array(samples * BYTES_PER_SAMPLE);
    for (const chunk of this.#chunks) {
      const offset = (chunk.firstSample - from) * BYTES_PER_SAMPLE;
      if (offset >= pcm.length) break;
      const skipped = Math.max(0, -offset);
      if (skipped >= chunk.pcm.length) continue;
      const at = Math.max(0, offset);
      pcm.set(chunk.pcm.subarray(skipped, skipped + pcm.length - at), at);
    }
    silence(pcm, 0, mute.customerUntil - from);
    silence(pcm, 2, mute.agentUntil - from);
    this.#readUpTo = from + samples;
    this.#wakeAll();
    return pcm;
  }

  /** Settles when `samples` more from `from` on are there, or the buffer is closed, or `timeoutMs` are over, or on abort. */
  async waitForFrames(
    from: number,
    samples: number,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<"audio" | "closed" | "idle" | "aborted"> {
    const isReady = () => this.#end - from >= samples || this.#closed || signal.aborted;
    await this.#waitFor(isReady, timeoutMs, signal);
    if (signal.aborted) return "aborted";
    if (this.#end - from >= samples || (this.#closed && this.#end > from)) return "audio";
    return this.#closed ? "closed" : "idle";
  }

  /** Settles when the reader is no longer far ahead of the recogniser, or on abort. */
  async waitForRoom(signal: AbortSignal): Promise<void> {
    const hasRoom = () => this.#end - this.#readUpTo < MAX_AHEAD_SAMPLES || this.#closed || signal.aborted;
    await this.#waitFor(hasRoom, Number.POSITIVE_INFINITY, signal);
  }

  async #waitFor(condition: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
    let timedOut = false;
    const wakeAll = () => this.#wakeAll();
    const timer = Number.isFinite(timeoutMs)
      ? setTimeout(() => {
          timedOut = true;
          wakeAll();
        }, timeoutMs)
      : undefined;
    signal.addEventListener("abort", wakeAll, { once: true });
    try {
      while (!condition() && !timedOut) {
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
        });
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", wakeAll);
    }
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

/** Zeroes one channel (byte offset 0 or 2 within a frame) of the first `frames` frames. */
function silence(pcm: Uint8Array, channelOffset: 0 | 2, frames: number): void {
  const end = Math.min(pcm.length, frames * BYTES_PER_SAMPLE);
  for (let at = channelOffset; at < end; at += BYTES_PER_SAMPLE) {
    pcm[at] = 0;
    pcm[at + 1] = 0;
  }
}
