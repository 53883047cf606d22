import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { headline, plotFile, type ReadmeLanguage } from "./headline.ts";
import { headlinePlot } from "./headline-plot.ts";
import { betweenMarks } from "./marks.ts";
import { performanceFigures } from "./performance-page.ts";
import type { Results } from "./results.ts";
import { summary } from "./summary.ts";

const READMES: Readonly<Record<ReadmeLanguage, string>> = { en: "README.md", es: "README.es.md" };
const LANGUAGES = ["en", "es"] as const satisfies readonly ReadmeLanguage[];
const PAGE = "docs/performance.md";
const TABLES = "docs/performance-tables.md";

/**
 * Makes every document that repeats a figure: path -> whole text. `read` returns a page as it is now. Only the part between
 * its marks is replaced.
 */
export function documentsOf(results: Results, read: (path: string) => string): ReadonlyMap<string, string> {
  const { figures } = results;
  return new Map([
    [PAGE, betweenMarks(PAGE, read(PAGE), summary(figures))],
    [TABLES, betweenMarks(TABLES, read(TABLES), performanceFigures(results))],
    ...LANGUAGES.flatMap((language): [string, string][] => {
      const path = READMES[language];
      return [
        [path, betweenMarks(path, read(path), headline(figures, language))],
        [`docs/bench/${plotFile(language)}`, headlinePlot(figures, language)],
      ];
    }),
  ]);
}

/** Writes these documents below `root`. Returns their paths. */
export function writeDocuments(root: string, results: Results): string[] {
  const documents = documentsOf(results, (path) => readFileSync(join(root, path), "utf8"));
  for (const [path, text] of documents) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...documents.keys()];
}
