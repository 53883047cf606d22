import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { baselineOf, compareWith, lowered, type ProseBaseline, type ProseChange, readBaseline } from "./prose/baseline.ts";
import { findingsOfPage, type ProseFinding } from "./prose/rules.ts";
import { findingsOfSource } from "./prose/source-texts.ts";
import { ROOT } from "./steps.ts";

// npm run prose: what a machine can see of hard texts. A file may get better, and never worse.
const BASELINE = "scripts/prose/baseline.json";
const USAGE = `npm run prose -- [--update] [FILE …]

Looks for sentences of more than 25 words (Spanish: 30), lines that begin with What, Who or Whoever, and semicolons in Markdown pages,
for error texts (of errors, answers, refusals and console.error) without a next step in the source, and for test titles without a verb.
${BASELINE} says how many each file may have. A file that is not in it may have none.

FILE       lists everything found in these files, and judges nothing
--update   lowers the numbers of the baseline where a file got better; writes the first one when the file is missing`;

const options = readOptions();
if (options.files.length > 0) {
  for (const one of findingsIn(options.files)) console.log(lineOf(one));
} else judge();

function judge(): void {
  const findings = findingsIn(allFiles());
  const path = join(ROOT, BASELINE);
  if (!existsSync(path) && options.update) {
    writeBaseline(baselineOf(findings));
    return;
  }
  const baseline = existsSync(path) ? readBaseline(readFileSync(path, "utf8")) : {};
  const { worse, better } = compareWith(baseline, findings);
  for (const change of worse) reportWorse(change);
  if (options.update) writeBaseline(lowered(baseline, findings));
  else if (better.length > 0) {
    for (const { file, rule, allowed, findings: left } of better) {
      console.log(`${file}: better. ${rule}: ${left.length}, and the baseline still allows ${allowed}.`);
    }
    console.log("Run: npm run prose -- --update, and commit the lower numbers with the text.");
  }
  if (worse.length > 0 || (better.length > 0 && !options.update)) process.exitCode = 1;
}

function reportWorse({ file, rule, allowed, findings }: ProseChange): void {
  console.log(`${file}: worse. ${rule}: ${findings.length}, and the baseline allows ${allowed}. Rewrite what you added:`);
  for (const one of findings) console.log(`  ${lineOf(one)}`);
}

function lineOf({ file, line, rule, text }: ProseFinding): string {
  return `${file}:${line}  ${rule}: ${text.length > 160 ? `${text.slice(0, 160)}…` : text}`;
}

function writeBaseline(baseline: ProseBaseline): void {
  writeFileSync(join(ROOT, BASELINE), `${JSON.stringify(baseline, null, 2)}\n`);
}

function allFiles(): string[] {
  const leftOut = (path: string) => /(^|\/)(node_modules|dist|cdk\.out|\.wrangler|\.vigia|\.git|artifacts)$/.test(path);
  return globSync(["**/*.md", "{aws-ingest,core,dashboard,examples,infra,local,protocol,scripts,test,worker}/**/*.{ts,tsx}"], {
    cwd: ROOT,
    exclude: leftOut,
  }).sort();
}

function findingsIn(files: readonly string[]): ProseFinding[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return file.endsWith(".md") ? findingsOfPage(file, text) : findingsOfSource(file, text);
  });
}

function readOptions(): { update: boolean; files: string[] } {
  try {
    const { values, positionals } = parseArgs({ options: { update: { type: "boolean" } }, allowPositionals: true });
    return { update: values.update ?? false, files: positionals };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : "Unknown option."}\n\n${USAGE}`);
    process.exit(2);
  }
}
