import type { Alert } from "./threshold-alerts.ts";

/** The alerts of each agent, acknowledged or not. */
export type AlertsByAgent = ReadonlyMap<string, readonly Alert[]>;

/**
 * Groups the alerts by agent. An agent whose alerts did not change keeps its array of `before`, so that its row does not render.
 */
export function alertsByAgent(alerts: readonly Alert[], before: AlertsByAgent): AlertsByAgent {
  const byAgent = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const list = byAgent.get(alert.agentId);
    if (list === undefined) byAgent.set(alert.agentId, [alert]);
    else list.push(alert);
  }
  const result = new Map<string, readonly Alert[]>();
  for (const [agentId, list] of byAgent) {
    const old = before.get(agentId);
    result.set(agentId, old !== undefined && sameAlerts(old, list) ? old : list);
  }
  return result;
}

function sameAlerts(a: readonly Alert[], b: readonly Alert[]): boolean {
  return a.length === b.length && a.every((alert, index) => sameWords(alert, b[index]));
}

function sameWords(a: Alert, b: Alert | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.level === b.level &&
    a.acknowledged === b.acknowledged &&
    a.limitSeconds === b.limitSeconds &&
    a.score === b.score &&
    a.points === b.points &&
    a.since === b.since &&
    a.agentName === b.agentName
  );
}
