import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readabilityOf } from "./prose/readability.ts";
import { ROOT } from "./steps.ts";

// npm run readability: how hard the pages are to read. `-- FILE …` measures other files, such as the README of another project.
const given = process.argv.slice(2);
const pages = given.length > 0 ? given : globSync(["*.md", "docs/*.md"], { cwd: ROOT }).sort();

console.log("| page | words | words a sentence | over 25 words | reading ease |\n| --- | ---: | ---: | ---: | ---: |");
for (const page of pages) {
  const path = resolve(given.length > 0 ? process.cwd() : ROOT, page);
  const measured = readabilityOf(readFileSync(path, "utf8"), page.endsWith(".es.md") ? "es" : "en");
  const cells = [
    page,
    measured.words,
    measured.wordsPerSentence.toFixed(1),
    `${(measured.longShare * 100).toFixed(0)} %`,
    measured.ease.toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
console.log("\nReading ease: Flesch, for Spanish Fernández Huerta. 60 to 70 is plain. Tables, headings and code are left out.");
