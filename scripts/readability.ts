import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readabilityOf } from "./prose/readability.ts";
import { ROOT } from "./steps.ts";

// npm run readability: how hard the pages are to read. `-- FILE …` measures other files, such as the README of another project.
const given = process.argv.slice(2);
const pages = given.length > 0 ? given : globSync(["*.md", "docs/*.md"], { cwd: ROOT }).sort();

console.log("| page | words | words a sentence | over 25 words | reading ease |\n| --- | ---: | ---: | ---: | ---: |");
for (const page of pages) report(page, textOf(page), page.endsWith(".es.md") ? "es" : "en");
if (given.length === 0) {
  const own = pages.filter((page) => page.startsWith("docs/") && !page.endsWith(".es.md") && page !== "docs/performance.md");
  report("docs in English, without performance.md", own.map(textOf).join("\n\n"), "en");
}
console.log("\nReading ease: Flesch, for Spanish Fernández Huerta. 60 to 70 is plain. Tables, headings and code are left out.");

function textOf(page: string): string {
  return readFileSync(resolve(given.length > 0 ? process.cwd() : ROOT, page), "utf8");
}

function report(name: string, text: string, language: "en" | "es"): void {
  const measured = readabilityOf(text, language);
  const cells = [
    name,
    measured.words,
    measured.wordsPerSentence.toFixed(1),
    `${(measured.longShare * 100).toFixed(0)} %`,
    measured.ease.toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
