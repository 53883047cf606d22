import type { AudioStream } from "@aws-sdk/client-transcribe-streaming";
import type { Phrase } from "../../../local/phrases/phrase.ts";
import { phraseAudio, phraseByText } from "../../../local/phrases/phrase-book.ts";

/** Two samples of two bytes: channel 0 and channel 1. */
const BYTES_PER_FRAME = 4;
/** Half a second at 8 kHz: a phrase is over when silence follows it. */
const SILENCE_FRAMES = 4000;

/** A phrase of the book on the customer's channel 0 or the agent's channel 1. */
export interface PlacedPhrase {
  text: string;
  channel: 0 | 1;
  /** The PCM frame in which the phrase begins. */
  at: number;
}

export function phraseOf(text: string): Phrase {
  const found = phraseByText(text);
  if (found === null) throw new Error(`The phrase book has no phrase "${text}".`);
  return found;
}

/** Writes the phrases as stereo audio, 8 kHz and 16-bit, with half a second of silence after the last one. */
export function stereoAudio(phrases: readonly PlacedPhrase[]): Buffer {
  const parts = phrases.map(({ text, channel, at }) => ({ audio: phraseAudio(phraseOf(text)), channel, at }));
  const frames = Math.max(0, ...parts.map(({ audio, at }) => at + audio.length)) + SILENCE_FRAMES;
  const bytes = Buffer.alloc(frames * BYTES_PER_FRAME);
  for (const { audio, channel, at } of parts) {
    audio.forEach((sample, index) => {
      bytes.writeInt16LE(sample, (at + index) * BYTES_PER_FRAME + channel * 2);
    });
  }
  return bytes;
}

/** Sends `first`, when given, and then the audio in chunks of `chunk` bytes (3200 = 100 ms of stereo). */
export async function* audioStream(bytes: Buffer, first: AudioStream | null = null, chunk = 3200): AsyncGenerator<AudioStream> {
  if (first !== null) yield first;
  for (let at = 0; at < bytes.length; at += chunk) yield { AudioEvent: { AudioChunk: bytes.subarray(at, at + chunk) } };
}
