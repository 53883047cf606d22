import { expect } from "vitest";
import { LOCALES, loadWordGroup, loadWords, WORD_GROUPS } from "../../dashboard/board/text/text.ts";

// A test of the board uses its words at once. The page waits for those of one language.
if (expect.getState().testPath?.includes("/test/dashboard/")) {
  await Promise.all(WORD_GROUPS.map(loadWordGroup));
  await Promise.all(LOCALES.map(loadWords));
}
