// The process that loads and measures, pinned to its own core by run.ts: node test/bench/load-process.ts <suite> [quick]

import { boardScenarios } from "./board/suite.ts";
import { hubScenarios } from "./hub/suite.ts";
import { ingestScenarios } from "./ingest/suite.ts";
import type { Measured } from "./measure/figure.ts";
import type { Scenario } from "./scenario.ts";

/** What the starter hears. */
export type Report = { started: string } | { measured: Measured[] } | { failed: string; why: string };

const SUITES: Readonly<Record<string, readonly Scenario[]>> = {
  hub: hubScenarios,
  ingest: ingestScenarios,
  board: boardScenarios,
};

// The starter is gone: so must be the servers.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
process.on("disconnect", () => process.exit(130));

const [suite = "", effort, only] = process.argv.slice(2);
for (const scenario of SUITES[suite] ?? []) {
  if (only !== undefined && !scenario.name.includes(only)) continue;
  report({ started: scenario.name });
  try {
    report({ measured: await scenario.run({ quick: effort === "quick" }) });
  } catch (error) {
    report({ failed: scenario.name, why: error instanceof Error ? error.message : String(error) });
  }
}
process.exit(0);

function report(message: Report): void {
  if (process.send === undefined) console.log(JSON.stringify(message));
  else process.send(message);
}
