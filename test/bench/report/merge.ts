import type { Figure } from "../measure/figure.ts";
import { SUITES } from "../options.ts";
import type { Failure, Machine, Results } from "./results.ts";

/** The result of one run of the benchmark. */
export interface BenchRun {
  machine: Machine;
  /** Suite -> the names of its scenarios, in order. Holds the suites of this run. */
  plan: ReadonlyMap<string, readonly string[]>;
  figures: readonly Figure[];
  failures: readonly Failure[];
  /** True when every scenario of the suites in `plan` was due. Figures of scenarios that no longer exist are then deleted. */
  wholeSuites: boolean;
}

/**
 * Returns the older results with the figures of this run in the place of the older ones of the same scenarios. A scenario that
 * failed keeps its older figures beside the failure. The figures are in the order of the suites and their scenarios.
 *
 * Returns null when the older figures come from another machine and the run is not a whole one: figures of two machines
 * do not compare.
 */
export function merge(before: Results | null, run: BenchRun): Results | null {
  const { machine, plan } = run;
  const whole = run.wholeSuites && SUITES.every((suite) => plan.has(suite));
  if (before === null || (whole && !isSame(before.machine, machine))) {
    return { machine, figures: inOrder(run.figures, plan), failures: [...run.failures] };
  }
  if (!isSame(before.machine, machine)) return null;

  const measured = new Set(run.figures.map(keyOf));
  const tried = new Set([...measured, ...run.failures.map(keyOf)]);
  const gone = ({ suite, scenario }: ScenarioName) => {
    if (!run.wholeSuites) return false;
    return plan.get(suite)?.includes(scenario) === false || !SUITES.some((one) => one === suite);
  };
  const kept = before.figures.filter((figure) => !measured.has(keyOf(figure)) && !gone(figure));
  const failures = before.failures.filter((failure) => !tried.has(keyOf(failure)) && !gone(failure));
  return { machine, figures: inOrder([...kept, ...run.figures], plan), failures: [...failures, ...run.failures] };
}

interface ScenarioName {
  suite: string;
  scenario: string;
}

function keyOf({ suite, scenario }: ScenarioName): string {
  return `${suite} ${scenario}`;
}

/** Sorts by suite and scenario. Suites that did not run keep their order. */
function inOrder(figures: readonly Figure[], plan: BenchRun["plan"]): Figure[] {
  const rank = ({ suite, scenario }: ScenarioName): number => {
    const index = plan.get(suite)?.indexOf(scenario) ?? 0;
    return index < 0 ? Number.MAX_SAFE_INTEGER : index;
  };
  const suites: readonly string[] = SUITES;
  return [...figures].sort((a, b) => suites.indexOf(a.suite) - suites.indexOf(b.suite) || rank(a) - rank(b));
}

function isSame(a: Machine, b: Machine): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
