import { expect, test } from "vitest";
import { serviceLevelGoal } from "../../../dashboard/board/model/service-level-goal.ts";
import { type AlertRule, parseAlertRules } from "../../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";

const PREMIUM = { queueId: "q-1", name: "Atención Premium" };
const SALES = { queueId: "q-2", name: "Ventas" };

function rulesOf(...changes: object[]): readonly AlertRule[] {
  const rules = changes.map((change, index) => ({ id: `rule-${index}`, watch: "queueServiceLevel", minContacts: 20, ...change }));
  const parsed = parseAlertRules({ rules });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.rules.rules;
}

test("The goal of the service level is 80% by the standard rules, and without a rule.", () => {
  expect(serviceLevelGoal(DEFAULT_ALERT_RULES.rules, SALES)).toBe(0.8);
  expect(serviceLevelGoal([], null)).toBe(0.8);
});

test("The goal of a queue is the limit of the rule that names it, else of the rule for all queues.", () => {
  const rules = rulesOf({ warning: 0.7 }, { warning: 0.9, queues: ["atencion premium"] });
  expect([PREMIUM, SALES, null].map((queue) => serviceLevelGoal(rules, queue))).toEqual([0.9, 0.7, 0.7]);
  expect(serviceLevelGoal(rulesOf({ critical: 0.5, queues: ["q-2"] }), SALES)).toBe(0.5);
});

test("Rules that are switched off, or are for teams, set no goal.", () => {
  const rules = rulesOf({ warning: 0.7, enabled: false }, { warning: 0.6, groups: ["Ventas"] });
  expect(serviceLevelGoal(rules, SALES)).toBe(0.8);
});
