import type { AudioStream } from "@aws-sdk/client-transcribe-streaming";
import type { Phrase } from "../../../local/phrases/phrase.ts";
import { phraseByText, speak } from "../../../local/phrases/phrase-book.ts";

/** A phrase laid on the customer's channel 0 or the agent's channel 1, from a sample on. */
export interface Spoken {
  text: string;
  channel: 0 | 1;
  at: number;
}

export function phraseOf(text: string): Phrase {
  const found = phraseByText(text);
  if (found === null) throw new Error(`not in the book: ${text}`);
  return found;
}

/** Stereo audio, 8 kHz 16-bit, with half a second of silence behind the last phrase. */
export function callAudio(spoken: readonly Spoken[]): Buffer {
  const parts = spoken.map(({ text, channel, at }) => ({ audio: speak(phraseOf(text)), channel, at }));
  const length = Math.max(0, ...parts.map(({ audio, at }) => at + audio.length)) + 4000;
  const bytes = Buffer.alloc(length * 4);
  for (const { audio, channel, at } of parts) {
    audio.forEach((sample, index) => {
      bytes.writeInt16LE(sample, (at + index) * 4 + channel * 2);
    });
  }
  return bytes;
}

/** The audio in chunks of 100 ms (or `chunk` bytes), after `first` if that is given. */
export async function* audioStream(bytes: Buffer, first: AudioStream | null = null, chunk = 3200): AsyncGenerator<AudioStream> {
  if (first !== null) yield first;
  for (let at = 0; at < bytes.length; at += chunk) yield { AudioEvent: { AudioChunk: bytes.subarray(at, at + chunk) } };
}
