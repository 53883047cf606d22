import type { Alert } from "../../client/contract.ts";

/** What has been told already: ids with the level they were told at. Null before the first list, which is no news. */
export type Told = ReadonlyMap<string, Alert["level"]> | null;

/** The alerts that are news: not told before, or worse than when they were told. Acknowledged ones are not. */
export function newAlerts(told: Told, alerts: readonly Alert[]): Alert[] {
  if (told === null) return [];
  return alerts.filter((alert) => {
    const before = told.get(alert.id);
    return !alert.acknowledged && (before === undefined || (before === "warn" && alert.level === "critical"));
  });
}

export function toldOf(alerts: readonly Alert[]): Told {
  return new Map(alerts.map((alert) => [alert.id, alert.level]));
}
