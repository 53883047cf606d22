import * as v from "valibot";
import { parseAlertRules } from "../../../protocol/alert-rules.ts";
import type { RulesAnswer } from "./rules-answer.ts";

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
