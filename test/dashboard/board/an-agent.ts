import type { Alert } from "../../../dashboard/board/model/threshold-alerts.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";

/** Epoch milliseconds of noon on a winter day in Mexico City. */
export const NOON = Date.UTC(2026, 0, 5, 18);

export function anAgent(change: Partial<AgentView> = {}): AgentView {
  const agent = fakeAgent({ agentId: "a", name: "Ana", since: NOON - 60_000 });
  return { ...agent, callStartedAt: null, transcription: null, trend: [], ...change };
}

export function anAlert(change: Partial<Alert> = {}): Alert {
  return { id: "x", agentId: "a", agentName: "Ana", kind: "status", level: "warn", since: NOON, acknowledged: false, ...change };
}
