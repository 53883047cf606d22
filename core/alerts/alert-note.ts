import * as v from "valibot";
import { agentStatusSchema } from "../../protocol/agent.ts";
import { type AlertSubject, severitySchema } from "../../protocol/alert.ts";
import type { Watch } from "../../protocol/alert-rules.ts";
import type { AlertChange } from "./alert-change.ts";

export const aboutSchema = v.picklist(["agent", "contact", "queue", "hub"]);

/**
 * What one message says about one alert. It has no words of a customer, no number of a telephone and no id of a contact but the
 * one in `alertId`, which only data fields carry. Missing fields of older stored rows get defaults.
 */
export const alertNoteSchema = v.object({
  alertId: v.string(),
  /** `critical` is news of an alert that was a warning. */
  event: v.picklist(["fired", "critical", "resolved"]),
  /** When it happened, epoch ms. */
  at: v.number(),
  /** When the outbox got it, epoch ms. */
  addedAt: v.number(),
  rule: v.string(),
  severity: severitySchema,
  /** What the rule watches; "" = the rule is deleted. */
  watch: v.fallback(v.string(), ""),
  /** The title that the center gave the rule. */
  title: v.fallback(v.nullable(v.string()), null),
  /** The one status that the rule watches; null = several. */
  status: v.fallback(v.nullable(agentStatusSchema), null),
  value: v.number(),
  limit: v.number(),
  /** The name of the queue, of the agent, or of the contact's agent. */
  subjectName: v.fallback(v.nullable(v.string()), null),
  about: v.fallback(aboutSchema, "agent"),
});
export type AlertNote = Readonly<v.InferOutput<typeof alertNoteSchema>>;

const EVENTS: Readonly<Partial<Record<AlertChange["type"], AlertNote["event"]>>> = {
  fired: "fired",
  escalated: "critical",
  resolved: "resolved",
};

/** Returns the note of a change, or null when the change is for the board alone. */
export function noteOf({ type, alert, at, rule, ruleName, subjectName }: AlertChange, now: number): AlertNote | null {
  const event = EVENTS[type];
  if (event === undefined) return null;
  const watch: Watch | "" = rule?.watch ?? "";
  const statuses = rule?.watch === "statusTime" ? (rule.statuses ?? []) : [];
  return {
    alertId: alert.alertId,
    event,
    at,
    addedAt: now,
    rule: alert.rule,
    severity: alert.severity,
    watch,
    title: rule?.title ?? ruleName ?? null,
    status: statuses.length === 1 ? (statuses[0] ?? null) : null,
    value: alert.value,
    limit: alert.limit,
    subjectName,
    about: kindOf(alert.subject),
  };
}

function kindOf(subject: AlertSubject): AlertNote["about"] {
  if (subject === "hub") return "hub";
  if ("agentId" in subject) return "agent";
  return "contactId" in subject ? "contact" : "queue";
}
