import type { Phrase } from "../phrases/phrase.ts";
import { phraseAudio } from "../phrases/phrase-book.ts";

const audioByNumber = new Map<number, Int16Array>();

/**
 * Returns the phrase's audio (8 kHz, 16-bit) from a cache, because a busy simulation repeats each phrase often.
 * All callers share the array and must not change it.
 */
export function cachedPhraseAudio(phrase: Phrase): Int16Array {
  const audio = audioByNumber.get(phrase.number) ?? phraseAudio(phrase);
  audioByNumber.set(phrase.number, audio);
  return audio;
}
