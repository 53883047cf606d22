const MARKS = /\p{Mn}/gu;
/** Signs that a keyboard has no key for. The screen writes a minus, and names have apostrophes and hyphens of every kind. */
const DASHES = /[\p{Pd}\u2212]/gu;
const APOSTROPHES = /[\u2018\u2019\u02BC\u00B4\u0060]/g;

/**
 * Returns the text in lower case without accents and with the signs of a keyboard, so that "jose" finds "José", "nunez" finds
 * "Núñez" and "-3.7" finds "−3.7".
 */
export function folded(text: string): string {
  const plain = text.replace(APOSTROPHES, "'").replace(DASHES, "-");
  return plain.normalize("NFD").replace(MARKS, "").toLocaleLowerCase("en");
}

/** Returns the words of a search, each as {@link folded} writes it. */
export function wordsOf(search: string): string[] {
  return folded(search)
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Returns true if each word is in one of the fields. */
export function matches(words: readonly string[], fields: readonly (string | null)[]): boolean {
  return words.length === 0 || hasWords(words, folded(fields.filter((field) => field !== null).join(" ")));
}

/** Returns true if each word is in the folded text. */
export function hasWords(words: readonly string[], text: string): boolean {
  return words.every((word) => text.includes(word));
}
