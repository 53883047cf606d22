import * as v from "valibot";
import { type AlertRule, type AlertRules, parseAlertRules } from "../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import { sameJson } from "../board/same-json.ts";

/** The rules of a center, and which edition of them. */
export interface CenterRules extends AlertRules {
  /** 0 = the default rules; it rises by one with each change. */
  readonly version: number;
  /** When they were saved, epoch ms; null = they are the default. */
  readonly changedAt: number | null;
  /** The name of the person who saved them. */
  readonly changedBy: string | null;
}

const DEFAULTS: CenterRules = { ...DEFAULT_ALERT_RULES, version: 0, changedAt: null, changedBy: null };

const storedSchema = v.object({
  rules: v.array(v.unknown()),
  version: v.fallback(v.number(), 1),
  changedAt: v.fallback(v.nullable(v.number()), null),
  changedBy: v.fallback(v.nullable(v.string()), null),
});

/** Reads stored rules. A rule of a newer version that this one does not know is left out, and stays in storage. */
export function parseCenterRules(stored: unknown): CenterRules {
  const parsed = v.safeParse(storedSchema, stored);
  if (!parsed.success) return DEFAULTS;
  const rules = parsed.output.rules.flatMap((rule): AlertRule[] => {
    const one = parseAlertRules({ rules: [rule] });
    return one.ok ? one.rules.rules : [];
  });
  return { ...parsed.output, rules };
}

/** What differs between two editions of the rules. */
interface RuleChanges {
  added: AlertRule[];
  removed: AlertRule[];
  changed: { before: AlertRule; after: AlertRule }[];
}

export function changedRules(before: AlertRules, after: AlertRules): RuleChanges {
  const known = new Map(before.rules.map((rule) => [rule.id, rule]));
  const kept = new Set(after.rules.map(({ id }) => id));
  const changes: RuleChanges = { added: [], removed: before.rules.filter(({ id }) => !kept.has(id)), changed: [] };
  for (const rule of after.rules) {
    const old = known.get(rule.id);
    if (old === undefined) changes.added.push(rule);
    else if (!sameJson(old, rule)) changes.changed.push({ before: old, after: rule });
  }
  return changes;
}
