import type { AlertRule, AlertRules } from "../../protocol/alert-rules.ts";
import type { Facts } from "./facts.ts";
import { QuietHours, type WallClock } from "./quiet-hours.ts";
import { SUBJECT_KIND } from "./rule-filter.ts";

interface ActiveRule {
  readonly rule: AlertRule | null;
  readonly quiet: QuietHours | null;
}

/** No such rule, or it is off. */
const NO_RULE: ActiveRule = { rule: null, quiet: null };

/** The rules in force, without those that are off. */
export class ActiveRules {
  readonly #byId = new Map<string, ActiveRule>();
  readonly #byKind = new Map<Facts["kind"], string[]>();

  constructor({ rules }: AlertRules, clock: WallClock) {
    for (const rule of rules) {
      if (!rule.enabled) continue;
      const quiet = rule.quietHours.length === 0 ? null : new QuietHours(rule.quietHours, clock);
      this.#byId.set(rule.id, { rule, quiet });
      const kind = SUBJECT_KIND[rule.watch];
      this.#byKind.set(kind, [...this.idsFor(kind), rule.id]);
    }
  }

  /** Returns the rule of an id with its quiet hours; both null = there is none in force. */
  find(ruleId: string): ActiveRule {
    return this.#byId.get(ruleId) ?? NO_RULE;
  }

  /** The ids of the rules about one kind of subject. */
  idsFor(kind: Facts["kind"]): readonly string[] {
    return this.#byKind.get(kind) ?? [];
  }
}
