import type { Alert } from "../../client/contract.ts";

/** The standing alerts of each agent, acknowledged ones too. */
export type AlertsByAgent = ReadonlyMap<string, readonly Alert[]>;

/** Sorts the alerts by agent. An agent whose alerts read the same as in `before` keeps its array, so that its row need not render. */
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
  return a.length === b.length && a.every((alert, index) => JSON.stringify(alert) === JSON.stringify(b[index]));
}
