import * as v from "valibot";
import { timeSchema } from "./agent.ts";
import { severitySchema } from "./alert.ts";
import { labelSchema, optionalId } from "./labels.ts";

/** A rule of Amazon Connect itself matched. It says so once, and never that the matter is over. */
export const alertRaisedSchema = v.object({
  type: v.literal("alert.raised"),
  /** The name that the center gave the rule in Amazon Connect. */
  ruleName: v.pipe(labelSchema, v.nonEmpty()),
  severity: v.optional(severitySchema, "warning"),
  /** What it is about: the first of contact, agent and queue that is there. null for all = the contact center as a whole. */
  contactId: optionalId,
  agentId: optionalId,
  queueId: optionalId,
  /** Epoch ms. */
  occurredAt: timeSchema,
});
export type AlertRaised = v.InferOutput<typeof alertRaisedSchema>;

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
