import type { Phrase } from "../phrases/phrase.ts";
import { speak } from "../phrases/phrase-book.ts";

/** A phrase sounds the same every time, and a busy day repeats it often. */
const spoken = new Map<number, Int16Array>();

/** The phrase's sound, 8 kHz, 16-bit; not to be written to. */
export function soundOf(phrase: Phrase): Int16Array {
  const known = spoken.get(phrase.number) ?? speak(phrase);
  spoken.set(phrase.number, known);
  return known;
}
