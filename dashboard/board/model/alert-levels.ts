import type { BoardAlert } from "./board-alert.ts";

export const ALERT_LEVELS = ["critical", "warn"] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** A critical alert weighs more than any number of warnings that one agent can have. */
const CRITICAL_WEIGHT = 1000;

/** Returns the levels of the alerts that nobody has acknowledged. */
export function openLevels(alerts: readonly BoardAlert[] | undefined): AlertLevel[] {
  return (alerts ?? []).filter((alert) => !alert.acknowledged).map((alert) => alert.level);
}

/** Returns 0 for an agent with an open critical alert, 1 for one with an open warning, 2 for all others. */
export function urgency(alerts: readonly BoardAlert[] | undefined): 0 | 1 | 2 {
  const levels = openLevels(alerts);
  return levels.includes("critical") ? 0 : levels.length > 0 ? 1 : 2;
}

/** Returns the weight of an agent's open alerts, or null without any. */
export function severity(alerts: readonly BoardAlert[] | undefined): number | null {
  const levels = openLevels(alerts);
  return levels.length === 0 ? null : levels.reduce((sum, level) => sum + (level === "critical" ? CRITICAL_WEIGHT : 1), 0);
}
