// The process that loads and measures, pinned to its own core by run.ts: node test/bench/load-process.ts <suite> whole|quick [part of a name]

import { boardScenarios } from "./board/suite.ts";
import { hubScenarios } from "./hub/suite.ts";
import { ingestScenarios } from "./ingest/suite.ts";
import type { Circumstances, Measured } from "./measure/figure.ts";
import { watchOtherWork } from "./measure/other-work.ts";
import type { Scenario } from "./scenario.ts";

/** What the starter hears. */
export type Report =
  /** The names of all the suite's scenarios, in order, whether or not they run this time. */
  | { plan: string[] }
  | { started: string }
  | { measured: Measured[]; circumstances: Circumstances }
  | { failed: string; why: string; tookSeconds: number };

const SUITES: Readonly<Record<string, readonly Scenario[]>> = {
  hub: hubScenarios,
  ingest: ingestScenarios,
  board: boardScenarios,
};

// The starter is gone: so must be the servers.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
process.on("disconnect", () => process.exit(130));

const [suite = "", effort, only] = process.argv.slice(2);
const scenarios = SUITES[suite] ?? [];
report({ plan: scenarios.map(({ name }) => name) });
for (const scenario of scenarios) {
  if (only !== undefined && !scenario.name.includes(only)) continue;
  report({ started: scenario.name });
  const measuredAt = new Date().toISOString().slice(0, 16);
  const start = performance.now();
  const tookSeconds = () => Math.round((performance.now() - start) / 100) / 10;
  const othersCores = watchOtherWork();
  try {
    const measured = await scenario.run({ quick: effort === "quick" });
    const circumstances = { suite, scenario: scenario.name, measuredAt, othersCores: othersCores(), tookSeconds: tookSeconds() };
    report({ measured, circumstances });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report({ failed: scenario.name, why, tookSeconds: tookSeconds() });
  }
}
process.exit(0);

function report(message: Report): void {
  if (process.send === undefined) console.log(JSON.stringify(message));
  else process.send(message);
}
