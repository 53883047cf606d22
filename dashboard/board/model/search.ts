const MARKS = /\p{Mn}/gu;

/** Returns the text in lower case without accents, so that "jose" finds "José" and "nunez" finds "Núñez". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLocaleLowerCase("en");
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
