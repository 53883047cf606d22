import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Report } from "./load-process.ts";
import { type Figure, toFigure, togetherByName } from "./measure/figure.ts";
import type { Suite } from "./options.ts";
import type { Failure } from "./report/results.ts";

const LOAD_PROCESS = fileURLToPath(new URL("load-process.ts", import.meta.url));
/** The servers run on core 0. */
const LOAD_CORE = "1";
/** A browser is several processes, and a quick run measures several scenarios at once. */
const ALL_CORES = "0,1";

export interface Order {
  suite: Suite;
  scenario: string;
  quick: boolean;
}

export interface ScenarioRun {
  suite: Suite;
  scenario: string;
  figures: readonly Figure[];
  failures: readonly Failure[];
  seconds: number;
}

/** The load processes that run now. The benchmark stops them when it is stopped. */
export const measuring = new Set<ChildProcess>();

/** Returns the names of a suite's scenarios, in order. @throws Error when the suite cannot be loaded. */
export async function planOf(suite: Suite): Promise<readonly string[]> {
  const { report, ended } = await started(process.execPath, [], [suite]);
  if (report === null || !("plan" in report))
    throw new Error(`The scenarios of the suite ${suite} could not be loaded (${ended}). Read the output above.`);
  return report.plan;
}

/** Measures in a process of its own, so that no scenario inherits the memory of another. Returns a failure instead of throwing. */
export async function runScenario({ suite, scenario, quick }: Order): Promise<ScenarioRun> {
  const begun = performance.now();
  const cores = suite === "board" || quick ? ALL_CORES : LOAD_CORE;
  const flags = ["-c", cores, process.execPath, "--expose-gc", "--max-old-space-size=8192"];
  const { report, ended } = await started("taskset", flags, [suite, scenario, quick ? "quick" : "whole"]);
  const run = { suite, scenario, figures: [], failures: [], seconds: (performance.now() - begun) / 1000 };
  if (report !== null && "measured" in report) {
    const { measured, circumstances } = report;
    const figures = togetherByName(measured.map((one) => toFigure(quick ? { ...one, goal: null } : one, circumstances)));
    return { ...run, figures, seconds: circumstances.tookSeconds };
  }
  const why =
    report !== null && "failed" in report
      ? report.failed
      : `The load process ended before it reported (${ended}). Read the output above.`;
  return { ...run, failures: [{ suite, scenario, triedAt: new Date().toISOString().slice(0, 16), why }] };
}

/** Runs a load process. Returns its last message, and its exit code or signal. */
async function started(execPath: string, execArgv: string[], args: string[]): Promise<{ report: Report | null; ended: string }> {
  const child = fork(LOAD_PROCESS, args, { execPath, execArgv, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  measuring.add(child);
  let report: Report | null = null;
  child.on("message", (message: Report) => {
    report = message;
  });
  const ended = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  measuring.delete(child);
  return { report, ended };
}
