import type { CenterAlert } from "../../../protocol/alert.ts";
import { fakeAlert } from "../../client/testing.ts";
import { JIMENA_CONTACT } from "./sample-center.ts";

interface SampleAlert extends Partial<Omit<CenterAlert, "alertId" | "since">> {
  rule: string;
  /** Seconds since the limit was reached. */
  seconds: number;
}

const COBRANZA = ["México", "Cobranza"];
const SOPORTE = ["México", "Soporte"];
const VENTAS = ["México", "Ventas"];

/** What the default rules say about the invented contact center. Two alerts are over. */
const ALERTS: readonly SampleAlert[] = [
  {
    rule: "sentiment-low",
    severity: "critical",
    subject: { contactId: JIMENA_CONTACT },
    groups: COBRANZA,
    seconds: 140,
    value: -5,
    limit: -4,
  },
  {
    rule: "sentiment-fall",
    severity: "critical",
    subject: { contactId: JIMENA_CONTACT },
    groups: COBRANZA,
    seconds: 130,
    value: 6.7,
    limit: 6,
  },
  { rule: "agent-error", severity: "critical", subject: { agentId: "agent-17" }, groups: COBRANZA, seconds: 31 },
  {
    rule: "hold-long",
    severity: "critical",
    subject: { agentId: "agent-2" },
    groups: SOPORTE,
    seconds: 145,
    value: 180,
    limit: 180,
    acknowledgedBy: "Laura Ríos",
    acknowledgedAt: 20,
  },
  { rule: "missed-in-row", subject: { agentId: "agent-7" }, groups: SOPORTE, seconds: 9, value: 2, limit: 1 },
  { rule: "acw-long", subject: { agentId: "agent-12" }, groups: VENTAS, seconds: 21, value: 120, limit: 120 },
  {
    rule: "call-long",
    subject: { contactId: JIMENA_CONTACT },
    groups: COBRANZA,
    seconds: 24,
    value: 1200,
    limit: 1200,
  },
  {
    rule: "break-other",
    state: "resolved",
    subject: { agentId: "agent-14" },
    groups: SOPORTE,
    seconds: 7_000,
    value: 1200,
    limit: 1200,
    resolvedAt: 6_400,
  },
  {
    rule: "feed-silent",
    severity: "critical",
    state: "resolved",
    seconds: 90_000,
    value: 600,
    limit: 600,
    resolvedAt: 89_000,
    acknowledgedBy: "Laura Ríos",
    acknowledgedAt: 89_500,
  },
];

/** `now` is epoch milliseconds. */
export function sampleAlerts(now: number): CenterAlert[] {
  const ago = (seconds: number | null | undefined) => (seconds == null ? null : now - seconds * 1000);
  return ALERTS.map(({ seconds, resolvedAt, acknowledgedAt, ...fields }, index) =>
    fakeAlert({
      ...fields,
      alertId: `${fields.rule}:${index}`,
      since: now - seconds * 1000,
      resolvedAt: ago(resolvedAt),
      acknowledgedAt: ago(acknowledgedAt),
    }),
  );
}
