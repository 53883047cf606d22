// `npm run bench`: measures Vigía beside its peers, prints a table, writes bench-results.json and, after a whole run, the
// figures of docs/performance.md and the plots.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "./load-process.ts";
import type { Measured } from "./measure/figure.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { barPlot } from "./report/bar-plot.ts";
import { updatePage } from "./report/performance-page.ts";
import { keepOthers, type MeasuredSuite, type Results, toResults, writeResults } from "./report/results.ts";
import { terminalTable } from "./report/table.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const RESULTS = join(ROOT, "bench-results.json");
/** The servers run on core 0. */
const LOAD_CORE = "1";
/** A browser is several processes. */
const ALL_CORES = "0,1";

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exit(2);
}

let child: ChildProcess | null = null;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    child?.kill("SIGTERM");
    process.exit(130);
  });
}

await installPeers();
const suites: MeasuredSuite[] = [];
const failures: string[] = [];
for (const suite of options.suites) suites.push([suite, await runSuite(suite)]);

const results = toResults(suites, failures, options.quick);
console.log(`\n${terminalTable(results)}`);
const whole = keepOthers(results, RESULTS, options.suites, options.match !== null);
if (whole === null) console.log("bench-results.json holds a whole measurement; a quick look does not replace it.");
else {
  writeResults(RESULTS, whole);
  if (!options.quick) writeDocuments(whole);
}
process.exit(failures.length === 0 ? 0 : 1);

/** The peers have their own package.json, so that nobody installs them who does not measure. */
async function installPeers(): Promise<void> {
  const finished = join(HERE, "node_modules/.package-lock.json");
  if (existsSync(finished) && statSync(finished).mtimeMs >= statSync(join(HERE, "package-lock.json")).mtimeMs) return;
  console.error("Installing the peers (once)…");
  const npm = spawn("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: HERE,
    stdio: ["ignore", 2, 2],
  });
  const code = await new Promise((resolve) => npm.on("close", resolve));
  if (code !== 0) {
    console.error("The peers could not be installed; npm's message is above.");
    process.exit(1);
  }
}

/** Runs a suite in a process of its own on its own core. */
async function runSuite(suite: string): Promise<Measured[]> {
  const measured: Measured[] = [];
  const args = [suite, options.quick ? "quick" : "whole", ...(options.match === null ? [] : [options.match])];
  const started = fork(join(HERE, "load-process.ts"), args, {
    execPath: "taskset",
    execArgv: ["-c", suite === "board" ? ALL_CORES : LOAD_CORE, process.execPath, "--expose-gc", "--max-old-space-size=8192"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child = started;
  started.on("message", (message: Report) => {
    if ("started" in message) console.error(`${clock()}  ${suite}: ${message.started}`);
    else if ("measured" in message) measured.push(...message.measured);
    else {
      failures.push(`${message.failed}: ${message.why}`);
      console.error(`${clock()}  FAILED ${message.failed}: ${message.why}`);
    }
  });
  const code = await new Promise((resolve) => started.on("close", resolve));
  if (code !== 0) failures.push(`${suite}: the load process ended with ${code}`);
  child = null;
  return measured;
}

function writeDocuments(whole: Results): void {
  const cpu = whole.figures.filter((figure) => figure.name.startsWith("CPU of the server per million"));
  if (cpu.length > 0) {
    mkdirSync(join(ROOT, "docs/bench"), { recursive: true });
    const title = "Server CPU seconds to deliver one million updates to viewers";
    const subtitle = "500 agents, 500 updates/s, 1,000 viewers; same machine, one core each; logarithmic, shorter is better";
    writeFileSync(join(ROOT, "docs/bench/cpu.svg"), barPlot(title, subtitle, cpu));
  }
  updatePage(join(ROOT, "docs/performance.md"), whole);
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}
