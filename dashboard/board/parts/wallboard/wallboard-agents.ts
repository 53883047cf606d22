import { useMemo, useRef, useSyncExternalStore } from "react";
import type { AgentClient, AgentView } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { useQueues } from "../../../react/use-queues.ts";
import { alertInScope } from "../../model/alert-scope.ts";
import { type AlertsByAgent, alertsByAgent } from "../../model/alerts-by-agent.ts";
import type { Attention } from "../../model/attention.ts";
import { type BoardAlert, boardAlerts } from "../../model/board-alert.ts";
import { profilesByQueue } from "../../model/queues.ts";
import { shownAgents } from "../../model/rows.ts";
import type { TeamPath } from "../../model/team-path.ts";
import type { View } from "../../model/view.ts";
import { wallboardView } from "../../model/wallboard-view.ts";
import { useBoard } from "../board-context.ts";
import { AgentSampler } from "../sampler.ts";
import { type ScopedCenter, useScopedCenter } from "../scoped-center.ts";

/** The wallboard is in the order of names: who needs a hand stands above the pages. */
export const CALM: Attention = new Map();
const NO_TEAMS: readonly TeamPath[] = [];

export interface WallboardAgents extends ScopedCenter {
  /** Those whom all filters of the view let pass, in the view's order. */
  shown: readonly AgentView[];
  /** The alerts of these teams. */
  alerts: readonly BoardAlert[];
  byAgent: AlertsByAgent;
}

/** Returns the agents and the alerts of the wallboard. They change at most twice a second. */
export function useWallboardAgents(client: AgentClient, view: View): WallboardAgents {
  const { text, rules } = useBoard();
  const sampler = useMemo(() => new AgentSampler(client), [client]);
  const agents = useSyncExternalStore(sampler.subscribe, sampler.agents, sampler.agents);
  const queues = useQueues();
  const queueNames = useMemo(() => Object.fromEntries(queues.map(({ queueId, name }) => [queueId, name])), [queues]);
  const profiles = useMemo(() => profilesByQueue(queues), [queues]);
  const center = useScopedCenter(client, agents, { teams: view.teams ?? NO_TEAMS, groups: view.groups });
  const { scope, scoped } = center;
  const centerAlerts = useAlerts();
  const alerts = useMemo(
    () => boardAlerts(centerAlerts, { agents, queueNames, rules: rules.rules }).filter((alert) => alertInScope(scope, alert)),
    [centerAlerts, agents, queueNames, rules, scope],
  );
  const lastAlerts = useRef<AlertsByAgent>(new Map());
  const byAgent = useMemo(() => {
    lastAlerts.current = alertsByAgent(alerts, lastAlerts.current);
    return lastAlerts.current;
  }, [alerts]);
  const shown = useMemo(
    () => shownAgents({ agents: scoped, view: wallboardView(view), alerts: byAgent, attention: CALM, profiles, text }),
    [scoped, view, byAgent, profiles, text],
  );
  return { ...center, shown, alerts, byAgent };
}
