import { describe, expect, test } from "vitest";
import { readabilityOf, wordsBeforeCommand } from "../../../scripts/prose/readability.ts";

describe("The readability of a page", () => {
  // Words, sentences and syllables counted by hand: 6 and 6 words, 6 and 7 syllables.
  const page = "# Not counted at all\n\nThe cat sat on the mat. The dog lay on the table.\n\n| not | counted |\n";

  test("Flesch's reading ease follows from the words of a sentence and the syllables of a word.", () => {
    const measured = readabilityOf(page, "en");
    expect(measured).toMatchObject({ words: 12, sentences: 2, wordsPerSentence: 6, longShare: 0 });
    expect(measured.ease).toBeCloseTo(206.835 - 1.015 * 6 - 84.6 * (13 / 12), 6);
  });

  test("Spanish is measured by Fernández Huerta, with Spanish syllables.", () => {
    // El-ga-to-duer-me-en-la-ca-sa: 9 syllables, 6 words.
    expect(readabilityOf("El gato duerme en la casa.", "es").ease).toBeCloseTo(206.84 - 60 * (9 / 6) - 1.02 * 6, 6);
  });

  test("Longer words and longer sentences make a page harder.", () => {
    const hard = readabilityOf(
      "Notwithstanding organisational considerations, interoperability necessitates standardisation.",
      "en",
    );
    expect(hard.ease).toBeLessThan(readabilityOf(page, "en").ease);
  });

  test("A page of code alone has zeros.", () => {
    expect(readabilityOf("```sh\nnpm start\n```\n", "en")).toEqual({
      words: 0,
      sentences: 0,
      wordsPerSentence: 0,
      longShare: 0,
      ease: 0,
    });
  });

  test("The words before the first command are those that one reads: no picture and no address of a link.", () => {
    expect(wordsBeforeCommand("# Name\n\nOne [two](three/four.md) five.\n![six seven](a.png)\n```sh\nnpm start\n```\n")).toBe(4);
  });
});
