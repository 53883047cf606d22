import { type PageText, readPage } from "./translation-lines.ts";

/** A place where a Spanish page says something else than its English page. `line` is counted from one, in both pages. */
export interface Difference {
  line: number;
  text: string;
}

/** Returns the path of the English page of a Spanish one. */
export const englishOf = (spanish: string): string => spanish.replace(/\.es\.md$/, ".md");

/**
 * Compares the two pages line by line: line n of one is line n of the other. Both lines have the same mark (heading, list item,
 * table row), the same code, the same links and the same numbers. A line of a code block is the same text.
 * Returns where they differ, and of pages with different lines only the first place.
 * @param textOf Returns the text of another page, or undefined when it does not exist. Links to chapters and to twins are looked up there.
 */
export function differencesOf(english: PageText, spanish: PageText, textOf: (path: string) => string | undefined): Difference[] {
  const left = readPage(english, textOf);
  const right = readPage(spanish, textOf);
  const found: Difference[] = [];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at], right[at]];
    if (one?.mark !== other?.mark) {
      found.push({ line: at + 1, text: `is ${one?.mark ?? "no line"} in English and ${other?.mark ?? "no line"} in Spanish` });
      return found;
    }
    for (const [kind, values] of Object.entries(one?.facts ?? {})) {
      const others = other?.facts[kind] ?? [];
      const missing = [
        ...without(values, others).map((value) => `lacks ${value}`),
        ...without(others, values).map((value) => `adds ${value}`),
      ];
      if (missing.length > 0) found.push({ line: at + 1, text: `${kind}: the Spanish line ${missing.join(", ")}` });
    }
  }
  return [...found, ...right.flatMap(({ faults }, at) => faults.map((text) => ({ line: at + 1, text })))];
}

/** Returns the values of `list` that `other` does not have, each as often as it is missing. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((value) => {
    const at = rest.indexOf(value);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
