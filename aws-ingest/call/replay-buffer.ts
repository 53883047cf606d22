import {
  BYTES_PER_FRAME,
  BYTES_PER_SAMPLE,
  bytesToFrames,
  type Frames,
  frames,
  framesToBytes,
  msToFrames,
} from "../media/audio-units.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";

/** Per channel, the position up to which its audio is already transcribed and therefore replaced by silence. */
export interface MuteRange {
  customerUntil: Frames;
  agentUntil: Frames;
}

/** The reader stops when it is a minute (2 MB) ahead of transcription. After a late start, the rest waits in Kinesis. */
const MAX_AHEAD = msToFrames(60_000);
/**
 * While the speech service is away, the reader goes on for the recording, and the audio waits here. More than ten minutes (19 MB)
 * are not worth keeping for a transcript that is to be live.
 */
const MAX_WAITING = msToFrames(600_000);
/** After so many sessions in a row without one result, the service counts as away. */
const FAILURES_WHEN_AWAY = 3;

/**
 * Holds the recent audio of a call, without gaps, between the reader of the media stream and the transcription sessions. It
 * keeps everything from the first speech without a final turn, so that a broken session can be repeated from there.
 */
export class ReplayBuffer {
  #chunks: StereoChunk[] = [];
  #first: Frames;
  #end: Frames;
  #closed = false;
  #readUpTo: Frames;
  /** Sessions in a row that broke off without one result. */
  #failures = 0;
  #wake: (() => void)[] = [];

  constructor(first: Frames) {
    this.#first = first;
    this.#end = first;
    this.#readUpTo = first;
  }

  /** The first frame that is still kept. */
  get firstFrame(): Frames {
    return this.#first;
  }

  /** The position behind the last frame. */
  get endFrame(): Frames {
    return this.#end;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Appends the part of the chunk that lies behind the end. Fills a gap before the chunk with silence. */
  appendChunk(chunk: StereoChunk): void {
    if (this.#closed) return;
    const end = endOf(chunk);
    if (end <= this.#end) return;
    if (chunk.firstFrame > this.#end) {
      const gap = new Uint8Array(framesToBytes(frames(chunk.firstFrame - this.#end)));
      this.#chunks.push({ firstFrame: this.#end, pcm: gap }, chunk);
    } else {
      const known = frames(this.#end - chunk.firstFrame);
      this.#chunks.push({ firstFrame: this.#end, pcm: chunk.pcm.subarray(framesToBytes(known)) });
    }
    this.#end = end;
    if (this.#end - this.#first > MAX_WAITING) this.dropBefore(frames(this.#end - MAX_WAITING));
    this.#wakeAll();
  }

  /** Call at a result of a session. */
  noteResult(): void {
    this.#failures = 0;
  }

  /** Call when a session broke off. */
  noteFailure(): void {
    this.#failures += 1;
    this.#wakeAll();
  }

  /** Ends the buffer. Later chunks are ignored. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Drops the chunks that end at or before `position`. */
  dropBefore(position: Frames): void {
    const kept = this.#chunks.findIndex((chunk) => endOf(chunk) > position);
    if (kept === -1) this.#chunks = [];
    else if (kept > 0) this.#chunks.splice(0, kept);
    this.#first = frames(Math.max(this.#first, Math.min(position, this.#end)));
  }

  /** Passes over all audio so far, for a call whose transcription has been given up. */
  skipToEnd(): void {
    this.dropBefore(this.#end);
    this.#readUpTo = this.#end;
    this.#wakeAll();
  }

  /** Returns a copy of `count` frames from `from` on, or fewer at the end. Frames that were dropped come back as silence. */
  readFrames(from: Frames, count: Frames, mute: MuteRange): Uint8Array {
    const available = frames(Math.max(0, Math.min(count, this.#end - from)));
    const pcm = new Uint8Array(framesToBytes(available));
    for (const chunk of this.#chunks) {
      const offset = framesToBytes(frames(chunk.firstFrame - from));
      if (offset >= pcm.length) break;
      const skipped = Math.max(0, -offset);
      if (skipped >= chunk.pcm.length) continue;
      const at = Math.max(0, offset);
      pcm.set(chunk.pcm.subarray(skipped, skipped + pcm.length - at), at);
    }
    muteChannel(pcm, 0, frames(mute.customerUntil - from));
    muteChannel(pcm, 1, frames(mute.agentUntil - from));
    this.#readUpTo = frames(from + available);
    this.#wakeAll();
    return pcm;
  }

  /**
   * Waits until `count` frames from `from` on are there, the buffer is closed, `timeoutMs` have passed, or `signal` aborts.
   * Returns `closed` only when no frame is left from `from` on.
   */
  async waitForFrames(
    from: Frames,
    count: Frames,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<"audio" | "closed" | "idle" | "aborted"> {
    const isReady = () => this.#end - from >= count || this.#closed || signal.aborted;
    await this.#waitFor(isReady, timeoutMs, signal);
    if (signal.aborted) return "aborted";
    if (this.#end - from >= count || (this.#closed && this.#end > from)) return "audio";
    return this.#closed ? "closed" : "idle";
  }

  /** Returns the first frame from `from` on at which a channel is not digital silence, or the end. Gaps of a stream are digital silence. */
  firstSound(from: Frames): Frames {
    for (const chunk of this.#chunks) {
      if (endOf(chunk) <= from) continue;
      const skipped = framesToBytes(frames(Math.max(0, from - chunk.firstFrame)));
      const at = chunk.pcm.findIndex((byte, index) => byte !== 0 && index >= skipped);
      if (at !== -1) return frames(chunk.firstFrame + Math.floor(at / BYTES_PER_FRAME));
    }
    return frames(Math.max(from, this.#end));
  }

  /** Drops what lies before `position` unread, so that the reader may go on. */
  skipTo(position: Frames): void {
    this.#readUpTo = frames(Math.max(this.#readUpTo, Math.min(position, this.#end)));
    this.dropBefore(position);
    this.#wakeAll();
  }

  /** Waits until the reader is less than a minute ahead of transcription, the service is away, or `signal` aborts. */
  async waitForRoom(signal: AbortSignal): Promise<void> {
    const hasRoom = () =>
      this.#end - this.#readUpTo < MAX_AHEAD || this.#failures >= FAILURES_WHEN_AWAY || this.#closed || signal.aborted;
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

function endOf({ firstFrame, pcm }: StereoChunk): Frames {
  return frames(firstFrame + bytesToFrames(pcm.length));
}

/** Zeroes one channel of the first `count` frames. */
export function muteChannel(pcm: Uint8Array, channel: 0 | 1, count: Frames): void {
  const end = Math.min(pcm.length, framesToBytes(count));
  for (let at = channel * BYTES_PER_SAMPLE; at < end; at += BYTES_PER_FRAME) {
    pcm[at] = 0;
    pcm[at + 1] = 0;
  }
}
