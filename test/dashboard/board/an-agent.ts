import type { BoardAlert } from "../../../dashboard/board/model/board-alert.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";

/** Epoch milliseconds of noon on a winter day in Mexico City. */
export const NOON = Date.UTC(2026, 0, 5, 18);

export function anAgent(change: Partial<AgentView> = {}): AgentView {
  const agent = fakeAgent({ agentId: "a", name: "Ana", since: NOON - 60_000 });
  return { ...agent, callStartedAt: null, transcription: null, trend: [], ...change };
}

/** A warning about the time that Ana is in after-call work. */
export function anAlert(change: Partial<BoardAlert> = {}): BoardAlert {
  return {
    id: "x",
    rule: "acw-long",
    title: null,
    watch: "statusTime",
    level: "warn",
    agentId: "a",
    contactId: null,
    queueId: null,
    name: "Ana",
    status: "after call work",
    statusName: null,
    groups: [],
    since: NOON,
    value: 120,
    limit: 120,
    firing: true,
    resolvedAt: null,
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ...change,
  };
}
