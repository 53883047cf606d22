/** The ids of the center's own rules have no underscore, so no rule of its own has this prefix. */
const PREFIX = "connect_";

/** Returns the id of the rule under which such alerts are on the board and in the filters of targets. */
export function raisedRuleId(ruleName: string): string {
  const words =
    ruleName
      .normalize("NFKD")
      .toLowerCase()
      .replaceAll(/\p{M}/gu, "")
      .match(/[a-z0-9]+/g) ?? [];
  return `${PREFIX}${words.join("-") || "rule"}`.slice(0, 64);
}

/** Whether an alert comes from a rule of Amazon Connect. */
export function isRaisedRule(ruleId: string): boolean {
  return ruleId.startsWith(PREFIX);
}
