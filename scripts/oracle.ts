import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildDashboard } from "../local/start/dashboard.ts";
import { SKIPPED } from "./oracle-packages.ts";
import { ROOT } from "./steps.ts";

// npm run oracle: runs the checkers that nobody of the project wrote, each in a process of its own, and prints a table.
// `npm run oracle -- template metrics` runs only these. A checker is a file of scripts/oracle/ that says what its exit
// codes mean. Exit code 0: nothing failed.

const FOLDER = join(ROOT, "scripts", "oracle");
/** Every checker says this in its first comment. Other files are parts of one. */
const CHECKER = "Exit code 0";
/** The longest checker reads audio for two minutes. */
const LIMIT_MS = 15 * 60_000;

interface Verdict {
  name: string;
  verdict: "ok" | "FAILED" | "skipped";
  seconds: number;
  /** The last line that the checker printed: what it judged, or which tool is missing. */
  note: string;
}

const all = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ts") && readFileSync(join(FOLDER, file), "utf8").includes(CHECKER))
  .map((file) => file.slice(0, -".ts".length))
  .sort();
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !all.includes(name));
if (unknown !== undefined) {
  console.error(`There is no checker ${unknown}. Use one of ${all.join(", ")}.`);
  process.exit(2);
}
// Some checkers start the hub, which serves the built dashboard.
await buildDashboard();
const verdicts: Verdict[] = [];
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n== ${name}`);
  verdicts.push(await judge(name));
}
console.log(`\n| check | verdict | seconds | what was judged, or why it was skipped |\n| --- | --- | ---: | --- |`);
for (const { name, verdict, seconds, note } of verdicts) console.log(`| ${name} | ${verdict} | ${seconds} | ${note} |`);
process.exitCode = verdicts.some(({ verdict }) => verdict === "FAILED") ? 1 : 0;

function judge(name: string): Promise<Verdict> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(FOLDER, `${name}.ts`)], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const late = setTimeout(() => child.kill(), LIMIT_MS);
  let printed = "";
  const show = (data: Buffer) => {
    printed += data;
    process.stdout.write(data);
  };
  child.stdout.on("data", show);
  child.stderr.on("data", show);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(late);
      const verdict = code === 0 ? "ok" : code === SKIPPED ? "skipped" : "FAILED";
      const note = printed.trim().split("\n").at(-1)?.replaceAll("|", "/") ?? "";
      resolve({ name, verdict, seconds: Math.round((performance.now() - started) / 1000), note });
    });
  });
}
