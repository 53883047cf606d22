import type { Alert } from "./threshold-alerts.ts";

/** The level at which each alert was last announced, by alert id. Null before the first list: its alerts are not announced. */
export type AnnouncedLevels = ReadonlyMap<string, Alert["level"]> | null;

/** Returns the open alerts that were not announced yet, or that became critical after a warning was announced. */
export function newAlerts(announced: AnnouncedLevels, alerts: readonly Alert[]): Alert[] {
  if (announced === null) return [];
  return alerts.filter((alert) => {
    const before = announced.get(alert.id);
    return !alert.acknowledged && (before === undefined || (before === "warn" && alert.level === "critical"));
  });
}

export function levelsById(alerts: readonly Alert[]): AnnouncedLevels {
  return new Map(alerts.map((alert) => [alert.id, alert.level]));
}
