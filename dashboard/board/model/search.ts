const MARKS = /\p{Mn}/gu;

/** Lower case without accents, so that "jose" finds "José" and "nunez" finds "Núñez". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLocaleLowerCase("en");
}

/** Every word of `search` (already folded) is somewhere in the fields. */
export function matches(search: string, fields: readonly (string | null)[]): boolean {
  if (search === "") return true;
  const haystack = folded(fields.filter((field) => field !== null).join(" "));
  return search.split(/\s+/).every((word) => haystack.includes(word));
}
