import type { BoardAlert } from "./board-alert.ts";

/** The firing alerts of each agent, acknowledged or not. */
export type AlertsByAgent = ReadonlyMap<string, readonly BoardAlert[]>;

/**
 * Groups the alerts that fire by agent. An agent whose alerts did not change keeps its array of `before`, so that its row does not
 * render. Returns `before` if nothing has changed.
 */
export function alertsByAgent(alerts: readonly BoardAlert[], before: AlertsByAgent): AlertsByAgent {
  const byAgent = new Map<string, BoardAlert[]>();
  for (const alert of alerts) {
    if (alert.agentId === null || !alert.firing) continue;
    const list = byAgent.get(alert.agentId);
    if (list === undefined) byAgent.set(alert.agentId, [alert]);
    else list.push(alert);
  }
  const result = new Map<string, readonly BoardAlert[]>();
  for (const [agentId, list] of byAgent) {
    const old = before.get(agentId);
    result.set(agentId, old !== undefined && sameAlerts(old, list) ? old : list);
  }
  const isSame = result.size === before.size && [...result].every(([agentId, list]) => list === before.get(agentId));
  return isSame ? before : result;
}

function sameAlerts(a: readonly BoardAlert[], b: readonly BoardAlert[]): boolean {
  return a.length === b.length && a.every((alert, index) => sameAlert(alert, b[index]));
}

/** Compares all that a row shows of an alert. */
function sameAlert(a: BoardAlert, b: BoardAlert | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.level === b.level &&
    a.acknowledged === b.acknowledged &&
    a.watch === b.watch &&
    a.title === b.title &&
    a.value === b.value &&
    a.limit === b.limit &&
    a.status === b.status &&
    a.statusName === b.statusName &&
    a.name === b.name
  );
}
