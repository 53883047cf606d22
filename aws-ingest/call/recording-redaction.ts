import type { Role } from "../../protocol/updates.ts";
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
import type { SpeechSpan } from "./speech.ts";
import type { CallState } from "./transcriber-job.ts";

type MaskingState = NonNullable<CallState["masking"]>;

const CHANNEL: Readonly<Record<Role, 0 | 1>> = { customer: 0, agent: 1 };

/**
 * Holds the audio of a recording back until all of its speech is transcribed, and then silences the masked words on the side of
 * their speaker. Audio that is still held when an invocation hands over is read again by the next one.
 */
export class RecordingRedaction {
  #held: StereoChunk[] = [];
  /** Masked words, in frames of the call. Audio that is not uploaded yet is read again, so the next invocation needs them too. */
  readonly #spans: [role: Role, begin: number, end: number][];
  #audioInClear: boolean;
  #releasedUntil = frames(0);

  constructor(state: CallState["masking"]) {
    this.#spans = [...(state?.spans ?? [])];
    this.#audioInClear = state?.audioInClear ?? false;
  }

  /** Whether some speech of the recording could not be masked, because it was never transcribed with masking. */
  get audioInClear(): boolean {
    return this.#audioInClear;
  }

  holdChunk(chunk: StereoChunk): void {
    this.#held.push(chunk);
  }

  /** Marks words as masked. Times are ms on the contact's timeline. */
  addSpans(role: Role, spans: readonly SpeechSpan[]): void {
    for (const { beginMs, endMs } of spans) {
      const begin = msToFrames(beginMs);
      this.#spans.push([role, begin, msToFrames(endMs)]);
      if (begin < this.#releasedUntil) this.#audioInClear = true;
    }
  }

  /** Call when speech was transcribed whose personal data nobody masked, or will never be transcribed. */
  noteAudioInClear(): void {
    this.#audioInClear = true;
  }

  /** Returns the held audio before `position`, with the masked words silenced. The speech before it must be final. */
  releaseBefore(position: Frames): StereoChunk[] {
    const released: StereoChunk[] = [];
    while (this.#held[0] !== undefined && this.#held[0].firstFrame < position) {
      const { firstFrame, pcm } = this.#held[0];
      const count = frames(Math.min(bytesToFrames(pcm.length), position - firstFrame));
      this.#releasedUntil = frames(firstFrame + count);
      released.push(this.#masked({ firstFrame, pcm: pcm.subarray(0, framesToBytes(count)) }));
      const rest = pcm.subarray(framesToBytes(count));
      if (rest.length === 0) this.#held.shift();
      else this.#held[0] = { firstFrame: frames(firstFrame + count), pcm: rest };
    }
    return released;
  }

  /** Returns all held audio. Call at the end of the call. */
  releaseAll(): StereoChunk[] {
    return this.releaseBefore(frames(Number.MAX_SAFE_INTEGER));
  }

  /** Returns what the next invocation needs, which reads the audio from `position` on again. */
  state(position: number): Pick<MaskingState, "spans" | "audioInClear"> {
    return { spans: this.#spans.filter(([, , end]) => end > position), audioInClear: this.#audioInClear };
  }

  /** Copies the audio before it silences a word, because the transcription sends the same bytes. */
  #masked({ firstFrame, pcm }: StereoChunk): StereoChunk {
    const end = firstFrame + bytesToFrames(pcm.length);
    const spans = this.#spans.filter(([, spanBegin, spanEnd]) => spanBegin < end && spanEnd > firstFrame);
    if (spans.length === 0) return { firstFrame, pcm };
    const copy = pcm.slice();
    for (const [role, spanBegin, spanEnd] of spans) {
      const from = Math.max(0, spanBegin - firstFrame);
      const to = Math.min(end, spanEnd) - firstFrame;
      for (let frame = from; frame < to; frame += 1) {
        const at = frame * BYTES_PER_FRAME + CHANNEL[role] * BYTES_PER_SAMPLE;
        copy[at] = 0;
        copy[at + 1] = 0;
      }
    }
    return { firstFrame, pcm: copy };
  }
}
