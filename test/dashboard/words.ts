import { expect } from "vitest";
import { LOCALES, loadWords } from "../../dashboard/board/text/text.ts";

// A test of the board uses its words at once. The page waits for those of one language.
if (expect.getState().testPath?.includes("/test/dashboard/")) await Promise.all(LOCALES.map(loadWords));
