import type { AgentView, Alert } from "../../../dashboard/client/contract.ts";

/** Noon of a winter day in Mexico City. */
export const NOON = Date.UTC(2026, 0, 5, 18);

export function anAgent(change: Partial<AgentView> = {}): AgentView {
  return {
    agentId: "a",
    name: "Ana",
    status: "available",
    duration: null,
    sentimentScore: null,
    statusName: "Available",
    since: NOON - 60_000,
    contactId: null,
    channel: null,
    queue: null,
    routingProfile: null,
    groups: [],
    sentiment: null,
    categories: [],
    stale: false,
    callStartedAt: null,
    trend: [],
    ...change,
  };
}

export function anAlert(change: Partial<Alert> = {}): Alert {
  return { id: "x", agentId: "a", agentName: "Ana", kind: "status", level: "warn", since: NOON, acknowledged: false, ...change };
}
