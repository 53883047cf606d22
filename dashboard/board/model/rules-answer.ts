import * as v from "valibot";
import { type AlertRule, parseAlertRules } from "../../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";

/** The rules of the center, and what this reader may do with them. */
export interface RulesAnswer {
  readonly rules: readonly AlertRule[];
  /** Which edition of the rules; null = the hub has not told it. */
  readonly version: number | null;
  /** Epoch ms; null = the rules are the default. */
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  /** The roles of the reader; null = unknown. */
  readonly roles: readonly string[] | null;
  /** The names of the targets that get messages, for an admin. */
  readonly targets: readonly string[];
}

/** What the board goes by until the hub has answered, and with a hub that has no rules. */
export const STANDARD_RULES: RulesAnswer = {
  ...DEFAULT_ALERT_RULES,
  version: null,
  changedAt: null,
  changedBy: null,
  roles: null,
  targets: [],
};

const answerSchema = v.object({
  rules: v.array(v.unknown()),
  version: v.number(),
  changedAt: v.fallback(v.nullable(v.number()), null),
  changedBy: v.fallback(v.nullable(v.string()), null),
  roles: v.fallback(v.nullable(v.array(v.string())), null),
  targets: v.fallback(v.array(v.string()), []),
});

/** Reads the answer of `GET …/rules`; null = it is none. A rule of a newer hub that this page does not know is left out. */
export function readRules(body: unknown): RulesAnswer | null {
  const parsed = v.safeParse(answerSchema, body);
  if (!parsed.success) return null;
  const rules = parsed.output.rules.flatMap((rule) => {
    const one = parseAlertRules({ rules: [rule] });
    return one.ok ? one.rules.rules : [];
  });
  return { ...parsed.output, rules };
}
