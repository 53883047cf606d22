// `npm run bench`: measures Vigía beside its peers, prints a table, and puts what it measured into bench-results.json, from which the
// performance page, the plots and the line of the READMEs are made. A quick look is written beside it and changes no document.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Options, readOptions, USAGE } from "./options.ts";
import { writeDocuments } from "./report/documents.ts";
import { merge, type Run } from "./report/merge.ts";
import { readResults, thisMachine, writeResults } from "./report/results.ts";
import { terminalTable } from "./report/table.ts";
import { runSuite, type SuiteRun } from "./run-suite.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const RESULTS = "bench-results.json";
const QUICK_RESULTS = "bench-results.quick.json";

const options = readOptionsOrEnd();
const before = options.quick ? null : readResultsOrEnd();
let child: ChildProcess | null = null;
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopped) process.exit(130);
    stopped = true;
    child?.kill("SIGTERM");
  });
}

await installPeers();
const start = performance.now();
const ran: SuiteRun[] = [];
for (const suite of options.suites) {
  if (stopped) break;
  const { quick, match } = options;
  ran.push(await runSuite(suite, { quick, match, began: (started) => (child = started), told: (line) => console.error(line) }));
}

const machine = thisMachine();
const run: Run = {
  machine,
  plan: new Map(ran.map(({ suite, plan }) => [suite, plan])),
  figures: ran.flatMap(({ figures }) => figures),
  failures: ran.flatMap(({ failures }) => failures),
  wholeSuites: options.match === null && !stopped && ran.every(({ whole }) => whole),
};
const took = ran.flatMap((one) => one.took);
if (took.length === 0) endEmpty(ran.flatMap(({ suite, plan }) => plan.map((name) => `${suite}: ${name}`)));
const seconds = (performance.now() - start) / 1000;
console.log(`\n${terminalTable({ machine, quick: options.quick, figures: run.figures, failures: run.failures, took, seconds })}`);
if (stopped) console.log("Stopped: what was measured until then counts, the rest stays as it was.");
console.log(write());
process.exit(stopped ? 130 : run.failures.length === 0 ? 0 : 1);

/** Says where the figures went. */
function write(): string {
  if (options.quick) {
    const { figures, failures } = run;
    writeResults(join(ROOT, QUICK_RESULTS), { machine, figures: [...figures], failures: [...failures] });
    return `Written to ${QUICK_RESULTS}; ${RESULTS} and the documents keep the figures of whole measurements.`;
  }
  const results = merge(before, run);
  if (results === null) {
    return `NOT WRITTEN: the figures of ${RESULTS} come from another machine or Node (${before?.machine.cpu}, ${before?.machine.node}); a part of them cannot be replaced from here. Run everything, without --only and --match.`;
  }
  writeResults(join(ROOT, RESULTS), results);
  return `Written to ${[RESULTS, ...writeDocuments(ROOT, results)].join(", ")}.`;
}

function readOptionsOrEnd(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return end([messageOf(error), USAGE]);
  }
}

/** Before hours of measuring, not after them. */
function readResultsOrEnd() {
  try {
    return readResults(join(ROOT, RESULTS));
  } catch (error) {
    return end([messageOf(error)]);
  }
}

function endEmpty(names: readonly string[]): never {
  if (stopped) process.exit(130);
  return end([`No measurement's name contains "${options.match}". There are:`, ...names.map((name) => `  ${name}`)]);
}

function end(lines: readonly string[]): never {
  console.error(lines.join("\n"));
  process.exit(2);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

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
