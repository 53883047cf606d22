import { useMemo, useRef, useSyncExternalStore } from "react";
import type { AgentClient, AgentView } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { useQueues } from "../../../react/use-queues.ts";
import { alertInScope } from "../../model/alert-scope.ts";
import { type AlertsByAgent, alertsByAgent } from "../../model/alerts-by-agent.ts";
import { type BoardAlert, boardAlerts } from "../../model/board-alert.ts";
import { profilesByQueue } from "../../model/queues.ts";
import { shownAgents } from "../../model/rows.ts";
import { inScope, type Scope } from "../../model/scope.ts";
import type { View } from "../../model/view.ts";
import { wallboardView } from "../../model/wallboard-view.ts";
import { useBoard } from "../board-context.ts";
import { AgentSampler } from "../sampler.ts";

export interface WallboardAgents {
  /** The teams of the view. */
  scope: Scope;
  /** The agents of these teams. */
  scoped: readonly AgentView[];
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
  const scope = useMemo(() => inScope(view.groups), [view.groups]);
  const scoped = useMemo(() => agents.filter((agent) => scope(agent.groups)), [agents, scope]);
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
    () => shownAgents({ agents, view: wallboardView(view), alerts: byAgent, profiles, compare: text.compare }),
    [agents, view, byAgent, profiles, text],
  );
  return { scope, scoped, shown, alerts, byAgent };
}
