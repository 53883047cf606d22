// The process that loads and measures: node test/bench/load-process.ts <suite> <scenario> whole|quick. Its starter pins it to a core.
// Without a scenario it reports the names of the suite's scenarios.
import type { Circumstances, Measured } from "./measure/figure.ts";
import { watchOtherWork } from "./measure/other-work.ts";
import { SUITES, type Suite } from "./options.ts";
import type { Scenario } from "./scenario.ts";
import { scenariosOf } from "./suites.ts";

/** The message to the process that started this one. */
export type Report =
  | { plan: string[] }
  | { measured: Measured[]; circumstances: Circumstances }
  | { failed: string; tookSeconds: number };

// The servers end with this process, also when its starter is killed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
process.on("disconnect", () => process.exit(130));

const [suiteName, scenarioName, effort] = process.argv.slice(2);
const suite = SUITES.find((one) => one === suiteName) ?? SUITES[0];
const scenarios = await scenariosOf(suite);
if (scenarioName === undefined) report({ plan: scenarios.map(({ name }) => name) });
for (const scenario of scenarios) if (scenario.name === scenarioName) report(await measure(suite, scenario));
process.exit(0);

async function measure(of: Suite, scenario: Scenario): Promise<Report> {
  const measuredAt = new Date().toISOString().slice(0, 16);
  const start = performance.now();
  const tookSeconds = () => Math.round((performance.now() - start) / 100) / 10;
  const othersCores = watchOtherWork();
  try {
    const measured = await scenario.run({ quick: effort === "quick" });
    const beside = { othersCores: othersCores(), tookSeconds: tookSeconds() };
    return { measured, circumstances: { suite: of, scenario: scenario.name, measuredAt, ...beside } };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), tookSeconds: tookSeconds() };
  }
}

function report(message: Report): void {
  if (process.send === undefined) console.log(JSON.stringify(message));
  else process.send(message);
}
