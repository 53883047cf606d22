import { isRaisedRule } from "../../../protocol/raised-rule-id.ts";

/** Returns the words in the id of a rule of Amazon Connect, for example `Angry customer`; null = the rule is the center's own. */
export function raisedRuleName(ruleId: string): string | null {
  if (!isRaisedRule(ruleId)) return null;
  const words = ruleId.slice(ruleId.indexOf("_") + 1).replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
