import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.0 to 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No rule here reads style sheets, so axe does not fetch them. It lists only violations. */
const OPTIONS = { preload: false, resultTypes: ["violations"] };
/** The rules about colours. A dark page differs from a light one in nothing else. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** Returns the violations of WCAG on the page; `rules` checks only those. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The debugger runs axe, because the page's content policy allows no other script.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ ...OPTIONS, runOnly: rules ?? TAGS })})`);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}
