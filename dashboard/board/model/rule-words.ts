import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AlertRule, Watch } from "../../../protocol/alert-rules.ts";
import type { Text } from "../text/text.ts";
import { raisedRuleName } from "./raised-rule-name.ts";

/** What a rule is named by. */
interface NamedRule {
  readonly watch: Watch;
  readonly title?: string | undefined;
  readonly statuses?: readonly AgentStatus[] | undefined;
  readonly statusNames?: readonly string[] | undefined;
}

/** Returns the name of a rule: its title, or what it watches, for example `After-call work: time in a status`. */
export function ruleName(rule: NamedRule, text: Text): string {
  if (rule.title !== undefined) return rule.title;
  const watch = text.text(`watch.${rule.watch}`);
  if (rule.watch !== "statusTime") return watch;
  const statuses = rule.statuses?.map((status) => text.text(`status.${status}`)) ?? [];
  const names = rule.statusNames?.slice(0, 2) ?? [];
  const which = names.length > 0 ? names : statuses;
  return which.length === 0 ? watch : `${text.list(which)}: ${watch.charAt(0).toLocaleLowerCase(text.locale)}${watch.slice(1)}`;
}

/**
 * Returns the name of the rule of an alert. A rule of Amazon Connect has the words of its name in its id, for example
 * `connect_angry-customer`. A rule that is gone has its id only.
 */
export function ruleNameOf(ruleId: string, rules: readonly AlertRule[], text: Text): string {
  const rule = rules.find(({ id }) => id === ruleId);
  return rule === undefined ? (raisedRuleName(ruleId) ?? ruleId) : ruleName(rule, text);
}
