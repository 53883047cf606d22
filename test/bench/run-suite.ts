import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Report } from "./load-process.ts";
import { type Figure, toFigure } from "./measure/figure.ts";
import type { Suite } from "./options.ts";
import type { Failure } from "./report/results.ts";

const LOAD_PROCESS = fileURLToPath(new URL("load-process.ts", import.meta.url));
/** The servers run on core 0. */
const LOAD_CORE = "1";
/** A browser is several processes. */
const ALL_CORES = "0,1";

export interface SuiteOptions {
  quick: boolean;
  match: string | null;
  /** The process that measures, as soon as there is one. */
  began: (child: ChildProcess) => void;
  /** What goes on, line by line. */
  told: (line: string) => void;
}

export interface SuiteRun {
  suite: Suite;
  /** All scenarios of the suite, in order. */
  plan: readonly string[];
  figures: readonly Figure[];
  failures: readonly Failure[];
  took: readonly { suite: Suite; scenario: string; seconds: number }[];
  /** Whether the process came to its end. */
  whole: boolean;
}

/** Runs a suite in a process of its own on its own core. */
export async function runSuite(suite: Suite, { quick, match, began, told }: SuiteOptions): Promise<SuiteRun> {
  let plan: readonly string[] = [];
  let running: string | null = null;
  const figures: Figure[] = [];
  const failures: Failure[] = [];
  const took: SuiteRun["took"][number][] = [];
  const fail = (scenario: string, why: string) => {
    failures.push({ suite, scenario, triedAt: new Date().toISOString().slice(0, 16), why });
    told(`${clock()}  FAILED ${suite}: ${scenario}: ${why}`);
  };

  const child = fork(LOAD_PROCESS, [suite, quick ? "quick" : "whole", ...(match === null ? [] : [match])], {
    execPath: "taskset",
    execArgv: ["-c", suite === "board" ? ALL_CORES : LOAD_CORE, process.execPath, "--expose-gc", "--max-old-space-size=8192"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  began(child);
  child.on("message", (message: Report) => {
    if ("plan" in message) plan = message.plan;
    else if ("started" in message) {
      running = message.started;
      told(`${clock()}  ${suite} ${plan.indexOf(running) + 1}/${plan.length}: ${running}`);
    } else if ("measured" in message) {
      const { circumstances, measured } = message;
      running = null;
      took.push({ suite, scenario: circumstances.scenario, seconds: circumstances.tookSeconds });
      figures.push(...measured.map((one) => toFigure(quick ? { ...one, goal: null } : one, circumstances)));
    } else {
      running = null;
      took.push({ suite, scenario: message.failed, seconds: message.tookSeconds });
      fail(message.failed, message.why);
    }
  });
  const stoppedBy = await new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.on("error", (error) => {
      fail("the load process", error.message);
      resolve(1);
    });
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  // 130: it was told to stop, by the reader's own hand.
  if (stoppedBy !== 0 && stoppedBy !== 130 && running !== null) fail(running, `the load process ended with ${stoppedBy}.`);
  return { suite, plan, figures, failures, took, whole: stoppedBy === 0 };
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}
