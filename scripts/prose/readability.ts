import { sentencesOf, wordsOf } from "./markdown.ts";

/** How hard a page is to read, by its running text: no headings, tables, code blocks or pictures. */
export interface Readability {
  words: number;
  sentences: number;
  wordsPerSentence: number;
  /** The share of sentences with more than 25 words, 0 to 1. */
  longShare: number;
  /** Flesch reading ease, for Spanish in the version of Fernández Huerta. 60 to 70 is plain, below 50 is hard. */
  ease: number;
}

const LONG = 25;

/** Measures a page. A page without running text has zeros. */
export function readabilityOf(page: string, language: "en" | "es"): Readability {
  const sentences = sentencesOf(page)
    .filter(({ place }) => place === "text")
    .map(({ text }) => wordsOf(text))
    .filter((words) => words.length > 0);
  const words = sentences.flat();
  if (words.length === 0) return { words: 0, sentences: 0, wordsPerSentence: 0, longShare: 0, ease: 0 };
  const wordsPerSentence = words.length / sentences.length;
  const perWord =
    words.reduce((sum, word) => sum + (language === "es" ? spanishSyllables(word) : syllables(word)), 0) / words.length;
  return {
    words: words.length,
    sentences: sentences.length,
    wordsPerSentence,
    longShare: sentences.filter((one) => one.length > LONG).length / sentences.length,
    // Flesch 1948; Fernández Huerta 1959.
    ease:
      language === "es" ? 206.84 - 60 * perWord - 1.02 * wordsPerSentence : 206.835 - 84.6 * perWord - 1.015 * wordsPerSentence,
  };
}

/** Returns how many words a reader passes before the first command, with headings and without pictures. A page without a command has all. */
export function wordsBeforeCommand(page: string): number {
  const before = page.split(/^```/m)[0] ?? "";
  return wordsOf(before.replaceAll(/!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>]*>/g, " ")).length;
}

/** Counts groups of vowels. A silent e at the end, and that of -es and -ed, is none. Enough to compare pages with each other. */
function syllables(word: string): number {
  const spoken = word.toLowerCase().replace(/(?<=[^aeiouy\W].*[^l])e[sd]?$/, "");
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1);
}

/** A weak vowel beside another vowel shares its syllable. */
function spanishSyllables(word: string): number {
  const vowels = word
    .toLowerCase()
    .replaceAll(/qu|gu(?=[eiéí])/g, "k")
    .match(/[iuü]?[aeoáéó][iuy]?|[íú]|[iuü]+|(?<=\p{L})y$/gu);
  return Math.max(1, vowels?.length ?? 1);
}
