import type { Figure } from "../measure/figure.ts";
import { SUITES } from "../options.ts";
import type { Failure, Machine, Results } from "./results.ts";

/** What one call of the benchmark found out. */
export interface Run {
  machine: Machine;
  /** The scenarios that each suite of this run has, in order. */
  plan: ReadonlyMap<string, readonly string[]>;
  figures: readonly Figure[];
  failures: readonly Failure[];
  /** Everything the suites of `plan` hold was meant to run: what they no longer hold is gone for good. */
  wholeSuites: boolean;
}

/**
 * The results with this run's figures in the place of their elders; all other figures stay as they were measured. A scenario
 * that failed keeps its older figures, beside the failure. Order: that of the suites and of their scenarios.
 *
 * null: the older figures come from another machine, where a part of them cannot be replaced by numbers of this one.
 */
export function merge(before: Results | null, run: Run): Results | null {
  const { machine, plan } = run;
  const whole = run.wholeSuites && SUITES.every((suite) => plan.has(suite));
  if (before === null || (whole && !isSame(before.machine, machine))) {
    return { machine, figures: inOrder(run.figures, plan), failures: [...run.failures] };
  }
  if (!isSame(before.machine, machine)) return null;

  const measured = new Set(run.figures.map(keyOf));
  const tried = new Set([...measured, ...run.failures.map(keyOf)]);
  const gone = ({ suite, scenario }: Place) => {
    if (!run.wholeSuites) return false;
    return plan.get(suite)?.includes(scenario) === false || !SUITES.some((one) => one === suite);
  };
  const kept = before.figures.filter((figure) => !measured.has(keyOf(figure)) && !gone(figure));
  const failures = before.failures.filter((failure) => !tried.has(keyOf(failure)) && !gone(failure));
  return { machine, figures: inOrder([...kept, ...run.figures], plan), failures: [...failures, ...run.failures] };
}

interface Place {
  suite: string;
  scenario: string;
}

function keyOf({ suite, scenario }: Place): string {
  return `${suite} ${scenario}`;
}

/** Suites that did not run keep the order they have. */
function inOrder(figures: readonly Figure[], plan: Run["plan"]): Figure[] {
  const rank = ({ suite, scenario }: Place): number => {
    const index = plan.get(suite)?.indexOf(scenario) ?? 0;
    return index < 0 ? Number.MAX_SAFE_INTEGER : index;
  };
  const suites: readonly string[] = SUITES;
  return [...figures].sort((a, b) => suites.indexOf(a.suite) - suites.indexOf(b.suite) || rank(a) - rank(b));
}

function isSame(a: Machine, b: Machine): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
