import { setTimeout as sleep } from "node:timers/promises";
import type { MuteRange, ReplayBuffer } from "./replay-buffer.ts";
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from "./speech.ts";

/** Transcribe advises 50 to 200 ms a chunk: what is there goes in equal ones of this length or somewhat more, so that no rest waits. */
const CHUNK_MS = 100;
const CHUNK_SAMPLES = (SAMPLE_RATE * CHUNK_MS) / 1000;
/** A live fragment brings about a second at once, and its last word is news: only sound that has piled up beyond this is paced. */
const UNPACED_MS = 2000;
/** Transcribe breaks a session off after 15 s without audio: a pause this long ends it properly, and the next sound begins another. */
const PAUSE_MS = 8000;
/** Transcribe answers the end of the audio within a second or two. */
const DRAIN_MS = 15_000;
/** Sound that cannot be sent for so long although it is there: the session is stuck. */
const STUCK_MS = 15_000;
/** So much sound (not silence) without one word back: the session may be deaf. Music sounds the same, so this is asked once. */
const DEAF_MS = 60_000;
/** Line noise stays below; speech and tones are well above (of 32,768). */
const LOUD = 300;

export interface FeedOptions {
  buffer: ReplayBuffer;
  /** First sample sent. */
  from: number;
  mute: MuteRange;
  catchUpSpeed: number;
  suspicious: boolean;
  stop: AbortSignal;
}

/** Sends the buffer to one session: live sound at once, paced when catching up, until the buffer ends, pauses or `stop` aborts. */
export class SpeechFeed {
  readonly #options: FeedOptions;
  #sent: number;
  #ending: "finished" | "stopped" | "paused" | null = null;
  #waiting = false;
  #movedAt = Date.now();
  #loudMs = 0;
  #loudFrom: number | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#sent = options.from;
  }

  /** The sample after the last one sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Why no more audio comes; null while it does. */
  get ending(): "finished" | "stopped" | "paused" | null {
    return this.#ending;
  }

  /** Up to this sample there was nothing to say since the session's last answer. */
  get quietUntil(): number {
    return this.#loudFrom ?? this.#sent;
  }

  answered(): void {
    this.#loudMs = 0;
    this.#loudFrom = null;
  }

  /** What is wrong with the session, seen from its audio: null, or a word for it. `now` is epoch ms. */
  complaint(now: number): string | null {
    if (this.#waiting) return null;
    if (this.#ending !== null) return now - this.#movedAt > DRAIN_MS ? "NoEnd" : null;
    if (now - this.#movedAt > STUCK_MS) return "Stuck";
    return this.#options.suspicious && this.#loudMs >= DEAF_MS ? "Deaf" : null;
  }

  async *audio(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { buffer, mute, catchUpSpeed, stop } = this.#options;
    const ended = AbortSignal.any([signal, stop]);
    let allowedAt = 0;
    for (;;) {
      this.#waiting = true;
      const state = await buffer.waitForFrames(this.#sent, CHUNK_SAMPLES, PAUSE_MS, ended);
      const wait = allowedAt - Date.now();
      if (state === "audio" && wait > 0) await sleep(wait, undefined, { signal: ended }).catch(() => {});
      this.#waiting = false;
      this.#movedAt = Date.now();
      if (state !== "audio" || ended.aborted) {
        this.#ending = ended.aborted ? "stopped" : state === "closed" ? "finished" : "paused";
        return;
      }
      const pcm = buffer.readFrames(this.#sent, chunkOf(buffer.endFrame - this.#sent), mute);
      const samples = pcm.length / BYTES_PER_SAMPLE;
      const ms = (samples * 1000) / SAMPLE_RATE;
      allowedAt = Math.max(allowedAt, Date.now() - UNPACED_MS / catchUpSpeed) + ms / catchUpSpeed;
      if (isLoud(pcm)) {
        this.#loudMs += ms;
        this.#loudFrom ??= this.#sent;
      }
      this.#sent += samples;
      yield pcm;
    }
  }
}

/** So many samples that as many as wait come out in equal chunks. */
function chunkOf(waiting: number): number {
  return Math.ceil(waiting / Math.max(1, Math.floor(waiting / CHUNK_SAMPLES)));
}

/** A look at every eighth frame: no tone of a voice hides between those (1 kHz). */
function isLoud(pcm: Uint8Array): boolean {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (let at = 0; at + 3 < pcm.length; at += 8 * BYTES_PER_SAMPLE) {
    if (Math.abs(view.getInt16(at, true)) > LOUD || Math.abs(view.getInt16(at + 2, true)) > LOUD) return true;
  }
  return false;
}
