import type { BoardAlert } from "./board-alert.ts";

/** What the list of alerts shows. An empty word shows everything. */
export interface AlertFilter {
  rule: string;
  group: string;
  level: BoardAlert["level"] | "";
  acknowledged: "yes" | "no" | "";
}

export const ALL_ALERTS: AlertFilter = { rule: "", group: "", level: "", acknowledged: "" };

export function filteredAlerts(alerts: readonly BoardAlert[], filter: AlertFilter): BoardAlert[] {
  return alerts.filter(
    (alert) =>
      (filter.rule === "" || alert.rule === filter.rule) &&
      (filter.group === "" || alert.groups.includes(filter.group)) &&
      (filter.level === "" || alert.level === filter.level) &&
      (filter.acknowledged === "" || alert.acknowledged === (filter.acknowledged === "yes")),
  );
}

/** Splits the alerts: those that fire, critical ones first, then the newest; and those that are over, the latest first. */
export function splitAlerts(alerts: readonly BoardAlert[]): { firing: BoardAlert[]; over: BoardAlert[] } {
  const critical = ({ level }: BoardAlert) => Number(level === "critical");
  return {
    firing: alerts.filter(({ firing }) => firing).sort((a, b) => critical(b) - critical(a) || b.since - a.since),
    over: alerts.filter(({ firing }) => !firing).sort((a, b) => (b.resolvedAt ?? b.since) - (a.resolvedAt ?? a.since)),
  };
}
