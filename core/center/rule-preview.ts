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

/**
 * Returns what would fire by the rules now, for each rule that is on. It looks through hold-offs and quiet hours: who sets a limit
 * wants to know whom it meets. Subjects outside the filter do not count.
 */
export function previewRules(
  { rules }: AlertRules,
  timeZone: string,
  feedSince: number,
  facts: Iterable<Facts>,
  filter: GroupFilter,
  now: number,
): RulePreview[] {
  const bare = rules.map((rule) => ({ ...rule, forSeconds: 0, quietHours: [] }));
  const engine = new AlertEngine({ rules: { rules: [] }, timeZone }, { feedSince, lookedAt: now, states: [] }, facts);
  const fired = engine.replaceRules({ rules: bare }, now).filter(({ alert }) => mayView(filter, alert.groups));
  return bare
    .filter(({ enabled }) => enabled)
    .map(({ id }) => {
      const own = fired.filter(({ alert }) => alert.rule === id);
      const names = new Set(own.flatMap(({ subjectName }) => subjectName ?? []));
      return {
        rule: id,
        warning: own.filter(({ alert }) => alert.severity === "warning").length,
        critical: own.filter(({ alert }) => alert.severity === "critical").length,
        names: [...names].sort().slice(0, MAX_NAMES),
      };
    });
}
