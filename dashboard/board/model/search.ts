const MARKS = /\p{Mn}/gu;

/** Returns the text in lower case without accents, so that "jose" finds "José" and "nunez" finds "Núñez". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLocaleLowerCase("en");
}

/** Returns true if each word of `search` is in one of the fields. `search` must be folded. */
export function matches(search: string, fields: readonly (string | null)[]): boolean {
  if (search === "") return true;
  const haystack = folded(fields.filter((field) => field !== null).join(" "));
  return search.split(/\s+/).every((word) => haystack.includes(word));
}
