import type { AlertRules } from "../../protocol/alert-rules.ts";
import { AlertEngine } from "../alerts/alert-engine.ts";
import type { Facts } from "../alerts/facts.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";

/** Names of one rule that a preview shows. */
const MAX_NAMES = 5;

/** What one rule would do now. */
export interface RulePreview {
  readonly rule: string;
  readonly warning: number;
  readonly critical: number;
  /** Some of the agents and queues that it would be about, in the order of the alphabet. */
  readonly names: readonly string[];
}

/** A step looks at so many subjects: some 5 ms. */
const SUBJECTS_PER_STEP = 1000;

/**
 * Finds what would fire by the rules now, for each rule that is on: yields after each step, and returns it at the end. It looks through
 * hold-offs and quiet hours: who sets a limit wants to know whom it meets. Subjects outside the filter do not count.
 */
export function* previewRules(
  { rules }: AlertRules,
  timeZone: string,
  feedSince: number,
  facts: readonly Facts[],
  filter: GroupFilter,
  now: number,
): Generator<void, RulePreview[]> {
  const bare = rules.map((rule) => ({ ...rule, forSeconds: 0, quietHours: [] }));
  const found = new Map(bare.map(({ id }) => [id, { warning: 0, critical: 0, names: new Set<string>() }]));
  // Each step has to know whether posts arrive.
  const [hub, subjects] = [facts.filter(({ kind }) => kind === "hub"), facts.filter(({ kind }) => kind !== "hub")];
  for (let from = 0; from === 0 || from < subjects.length; from += SUBJECTS_PER_STEP) {
    const step = subjects.slice(from, from + SUBJECTS_PER_STEP);
    const engine = new AlertEngine({ rules: { rules: [] }, timeZone }, { feedSince, lookedAt: now, states: [] }, [
      ...hub,
      ...step,
    ]);
    for (const { alert, subjectName } of engine.replaceRules({ rules: bare }, now)) {
      const own = found.get(alert.rule);
      // What is about the hub is found in each step.
      if (own === undefined || !mayView(filter, alert.groups) || (alert.subject === "hub" && from > 0)) continue;
      own[alert.severity] += 1;
      if (subjectName !== null) own.names.add(subjectName);
    }
    yield;
  }
  return bare
    .filter(({ enabled }) => enabled)
    .map(({ id }) => {
      const { warning = 0, critical = 0, names = [] } = found.get(id) ?? {};
      return { rule: id, warning, critical, names: [...names].sort().slice(0, MAX_NAMES) };
    });
}
