import { setTimeout as sleep } from "node:timers/promises";
import {
  BYTES_PER_FRAME,
  BYTES_PER_SAMPLE,
  bytesToFrames,
  type Frames,
  frames,
  framesToMs,
  msToFrames,
} from "../media/audio-units.ts";
import type { MuteRange, ReplayBuffer } from "./replay-buffer.ts";

/** Amazon Transcribe advises chunks of 50 to 200 ms. The feed divides what is there into equal chunks of at least this length. */
const CHUNK = msToFrames(100);
/** A live fragment brings about a second at once, and its last word is urgent. Only audio beyond this length is paced. */
const UNPACED_MS = 2000;
/** Amazon Transcribe breaks a session off after 15 s without audio. A pause this long ends the session properly before that. */
const PAUSE_MS = 8000;
/** Amazon Transcribe answers the end of the audio within a second or two. */
const DRAIN_TIMEOUT_MS = 15_000;
/** The longest time in which the service accepts no audio although there is some. */
const SEND_TIMEOUT_MS = 15_000;
/** The longest voiced audio without one result. Music looks the same as speech, so the next session ignores it. */
const NO_RESULT_TIMEOUT_MS = 60_000;
/** Amplitude (of 32,768) above which a frame counts as voice activity. Line noise stays below, speech and tones are well above. */
const VOICE_AMPLITUDE = 300;
/** Voice activity looks at every eighth frame (1 kHz). No tone of a voice hides between those. */
const ACTIVITY_STEP_BYTES = 8 * BYTES_PER_FRAME;

export interface SpeechFeedOptions {
  buffer: ReplayBuffer;
  /** The first frame to send. */
  from: Frames;
  mute: MuteRange;
  /** How many times faster than real time piled-up audio may go. */
  catchUpSpeed: number;
  /** If true, a session that sends speech but gets no result is treated as failed. */
  failWithoutResult: boolean;
  /** Ends the audio before the end of the buffer. */
  stop: AbortSignal;
}

/** Sends the replay buffer to one session: live audio at once, piled-up audio at a pace. */
export class SpeechFeed {
  readonly #options: SpeechFeedOptions;
  #sent: Frames;
  #ending: "finished" | "stopped" | "paused" | null = null;
  #waiting = false;
  #movedAt = Date.now();
  /** Voice activity since the session's last result. */
  #voicedMs = 0;
  #voicedFrom: Frames | null = null;

  constructor(options: SpeechFeedOptions) {
    this.#options = options;
    this.#sent = options.from;
  }

  /** The position behind the last frame that was sent. */
  get sent(): Frames {
    return this.#sent;
  }

  /** Why no more audio comes. null while it goes on. */
  get ending(): "finished" | "stopped" | "paused" | null {
    return this.#ending;
  }

  /** The position up to which there was no voice activity since the session's last result. */
  get silentUntil(): Frames {
    return this.#voicedFrom ?? this.#sent;
  }

  /** Call for every result of the session: the no-result timeout begins again. */
  noteResult(): void {
    this.#voicedMs = 0;
    this.#voicedFrom = null;
  }

  /** Returns the code of a session that does not respond, or null. `now` is epoch ms. */
  faultAt(now: number): "NoEnd" | "Stuck" | "NoResult" | null {
    if (this.#waiting) return null;
    if (this.#ending !== null) return now - this.#movedAt > DRAIN_TIMEOUT_MS ? "NoEnd" : null;
    if (now - this.#movedAt > SEND_TIMEOUT_MS) return "Stuck";
    return this.#options.failWithoutResult && this.#voicedMs >= NO_RESULT_TIMEOUT_MS ? "NoResult" : null;
  }

  /** Yields chunks of PCM until the buffer is closed, pauses for long, or `signal` or `stop` aborts. */
  async *audio(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { buffer, mute, catchUpSpeed, stop } = this.#options;
    const ended = AbortSignal.any([signal, stop]);
    let allowedAt = 0;
    for (;;) {
      this.#waiting = true;
      const state = await buffer.waitForFrames(this.#sent, CHUNK, PAUSE_MS, ended);
      const wait = allowedAt - Date.now();
      if (state === "audio" && wait > 0) await sleep(wait, undefined, { signal: ended }).catch(() => {});
      this.#waiting = false;
      this.#movedAt = Date.now();
      if (state !== "audio" || ended.aborted) {
        this.#ending = ended.aborted ? "stopped" : state === "closed" ? "finished" : "paused";
        return;
      }
      const pcm = buffer.readFrames(this.#sent, chunkLength(frames(buffer.endFrame - this.#sent)), mute);
      const length = bytesToFrames(pcm.length);
      const ms = framesToMs(length);
      allowedAt = Math.max(allowedAt, Date.now() - UNPACED_MS / catchUpSpeed) + ms / catchUpSpeed;
      if (hasVoice(pcm)) {
        this.#voicedMs += ms;
        this.#voicedFrom ??= this.#sent;
      }
      this.#sent = frames(this.#sent + length);
      yield pcm;
    }
  }
}

/** Returns the length that divides the waiting frames into equal chunks, so that no short rest waits for the next fragment. */
function chunkLength(waiting: Frames): Frames {
  return frames(Math.ceil(waiting / Math.max(1, Math.floor(waiting / CHUNK))));
}

function hasVoice(pcm: Uint8Array): boolean {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (let at = 0; at + BYTES_PER_FRAME <= pcm.length; at += ACTIVITY_STEP_BYTES) {
    const customer = Math.abs(view.getInt16(at, true));
    const agent = Math.abs(view.getInt16(at + BYTES_PER_SAMPLE, true));
    if (customer > VOICE_AMPLITUDE || agent > VOICE_AMPLITUDE) return true;
  }
  return false;
}
