import type { AlertChange } from "../../../core/alerts/alert-change.ts";
import type { AlertTarget } from "../../../core/alerts/outbox.ts";
import { onlyRule, rulesOf } from "./sample-facts.ts";

export const TEAMS: AlertTarget = {
  id: "teams",
  language: "en",
  groups: null,
  rules: null,
  minSeverity: "warning",
  withNames: true,
};

interface ChangedFields {
  alertId?: string;
  /** The rule's targets. */
  to?: string[];
  rule?: Record<string, unknown>;
  subjectName?: string | null;
  subject?: AlertChange["alert"]["subject"];
  value?: number;
  limit?: number;
  severity?: "warning" | "critical";
}

/** A change of one alert of after-contact work, but for the given fields. */
export function sampleChange(type: AlertChange["type"], at: number, fields: ChangedFields = {}): AlertChange {
  const {
    alertId = `acw:A1:${1}`,
    to,
    subjectName = "Ana López",
    value = 300,
    limit = 300,
    subject = { agentId: "A1" },
  } = fields;
  const wrapUp = { watch: "statusTime", statuses: ["after call work"], warning: 120 };
  const shown = { ...(fields.rule?.["watch"] === undefined ? wrapUp : {}), ...fields.rule, id: "acw", ...(to ? { to } : {}) };
  return {
    type,
    at,
    rule: onlyRule(rulesOf(shown)),
    subjectName,
    alert: {
      alertId,
      rule: "acw",
      severity: fields.severity ?? (type === "escalated" ? "critical" : "warning"),
      subject,
      groups: ["Ventas"],
      since: at,
      state: type === "resolved" ? "resolved" : "firing",
      value,
      limit,
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedAt: type === "resolved" ? at : null,
    },
  };
}
