// `npm run bench`: measures Vigía beside its peers, prints a table and writes the figures to bench-results.json. It also renews the
// performance page, the plots and the line of the READMEs. A quick run writes to another file and changes no document.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage } from "./board/build-page.ts";
import { installPeers } from "./install-peers.ts";
import { secondsOf } from "./measure/figure.ts";
import { readOptions, type Suite, USAGE } from "./options.ts";
import { writeDocuments } from "./report/documents.ts";
import { type BenchRun, merge } from "./report/merge.ts";
import { duration } from "./report/number-text.ts";
import { readResults, thisMachine, writeResults } from "./report/results.ts";
import { terminalTable } from "./report/table.ts";
import { measuring, planOf, runScenario, type ScenarioRun } from "./run-scenario.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const RESULTS = "bench-results.json";
/** The file for quick runs, and for parts that were measured on another machine. Git ignores it. */
const SIDE_RESULTS = "bench-results.local.json";
/** Most scenarios wait more than they compute. The figures suffer, so only quick runs use several lanes. */
const QUICK_LANES = 4;

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopped) process.exit(130);
    stopped = true;
    for (const child of measuring) child.kill("SIGTERM");
  });
}

const start = performance.now();
const options = await orEnd(2, () => readOptions(process.argv.slice(2)), USAGE);
const { quick, match } = options;
// An unreadable file ends the run here, before an hour of measuring.
const before = await orEnd(2, () => (quick ? null : readResults(join(ROOT, RESULTS))));
await orEnd(1, installPeers);
const plan = new Map<Suite, readonly string[]>();
for (const suite of options.suites) plan.set(suite, await orEnd(1, () => planOf(suite)));
const wanted = [...plan].flatMap(([suite, names]) =>
  names
    .filter((name) => match === null || name.toLowerCase().includes(match.toLowerCase()))
    .map((scenario) => ({ suite, scenario, quick })),
);
if (wanted.length === 0) {
  const names = [...plan].flatMap(([suite, all]) => all.map((name) => `  ${suite}: ${name}`));
  end(2, `No scenario's name contains "${match}". Choose from these:`, ...names);
}
if (wanted.some(({ suite }) => suite === "board")) await orEnd(1, buildPage);

console.error(`${wanted.length === 1 ? "1 measurement" : `${wanted.length} measurements`}${lastTime()}.`);
const ran: ScenarioRun[] = [];
const queue = wanted.entries();
await Promise.all(
  Array.from({ length: quick ? QUICK_LANES : 1 }, async () => {
    for (const [index, order] of queue) {
      if (stopped) return;
      console.error(`${clock()}  ${index + 1} of ${wanted.length}  ${order.suite}: ${order.scenario}`);
      const result = await runScenario(order);
      for (const { why } of stopped ? [] : result.failures) {
        console.error(`${clock()}  FAILED  ${order.suite}: ${order.scenario}: ${why}`);
      }
      // A scenario that was stopped has not failed.
      if (!stopped || result.figures.length > 0) ran[index] = result;
    }
  }),
);

const took = ran.filter((one) => one !== undefined);
if (took.length === 0) end(130, "Stopped before the first figure. No file has changed.");
const run: BenchRun = {
  machine: thisMachine(),
  plan,
  figures: took.flatMap(({ figures }) => figures),
  failures: took.flatMap(({ failures }) => failures),
  wholeSuites: match === null && !stopped,
};
const { machine, figures, failures } = run;
const seconds = (performance.now() - start) / 1000;
console.log(`\n${terminalTable({ machine, quick, figures, failures, took, seconds })}`);
if (stopped) console.log("Stopped. The figures measured until then are kept; the others stay as they were.");
console.log(write());
process.exit(stopped ? 130 : failures.length === 0 ? 0 : 1);

/** Returns how long the chosen scenarios took last time, as text; empty when that is unknown. */
function lastTime(): string {
  const isWanted = (one: { suite: string; scenario: string }) =>
    wanted.some(({ suite, scenario }) => suite === one.suite && scenario === one.scenario);
  const expected = secondsOf(before?.figures.filter(isWanted) ?? []);
  return expected === 0 ? "" : `; last time they took ${duration(expected)}`;
}

/** Writes the figures. Returns a sentence that names the files. */
function write(): string {
  // Another run may have written the file meanwhile, so it is read again.
  const results = quick ? null : merge(readResults(join(ROOT, RESULTS)), run);
  if (results !== null) {
    writeResults(join(ROOT, RESULTS), results);
    return `Written to ${[RESULTS, ...writeDocuments(ROOT, results)].join(", ")}.`;
  }
  writeResults(join(ROOT, SIDE_RESULTS), { machine, figures: [...figures], failures: [...failures] });
  const why = quick
    ? "hold whole measurements"
    : `hold another machine's figures (${before?.machine.cpu}, Node ${before?.machine.node}), which a whole run may replace, not a part`;
  return `Written to ${SIDE_RESULTS} only: ${RESULTS} and the documents ${why}.`;
}

/** Returns the result of `ask`. If it throws, ends the process with the message. */
async function orEnd<Result>(code: number, ask: () => Result | Promise<Result>, ...more: string[]): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    return end(stopped ? 130 : code, error instanceof Error ? error.message : String(error), ...more);
  }
}

function end(code: number, ...lines: string[]): never {
  console.error(lines.join("\n"));
  process.exit(code);
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}
