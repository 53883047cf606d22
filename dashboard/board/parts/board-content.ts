import { useMemo, useRef, useSyncExternalStore } from "react";
import type { AgentClient, AgentView } from "../../client/contract.ts";
import { alertInScope } from "../model/alert-scope.ts";
import { type AlertsByAgent, alertsByAgent } from "../model/alerts-by-agent.ts";
import { type BoardAlert, boardAlerts } from "../model/board-alert.ts";
import { type Layout, type ListView, leavesOutOffline, listView } from "../model/list-view.ts";
import { profilesByQueue } from "../model/queues.ts";
import { type ListRow, listRows, shownAgents } from "../model/rows.ts";
import type { RulesAnswer } from "../model/rules-answer.ts";
import { inScope, type Scope } from "../model/scope.ts";
import { type Summary, summarise } from "../model/summary.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import type { BoardClock } from "./board-clock.ts";
import { type HeldOrder, useHeldOrder } from "./held-order.ts";
import { AgentSampler } from "./sampler.ts";

export interface BoardContent {
  /** All agents that the viewer may see. */
  agents: readonly AgentView[];
  /** The teams that the reader has chosen by the group filter. */
  scope: Scope;
  /** The agents in the scope. */
  scoped: readonly AgentView[];
  /** The alerts in the scope, also those that are over. */
  allAlerts: readonly BoardAlert[];
  summary: Summary;
  rows: readonly ListRow[];
  held: HeldOrder;
  /** The number of agents on the page. */
  shown: number;
  alerts: AlertsByAgent;
  /** The reader's view, completed for the layout. */
  view: ListView;
  /** The number of offline agents that the layout hides. */
  offline: number;
}

interface BoardContentInput {
  client: AgentClient;
  clock: BoardClock;
  text: Text;
  rules: RulesAnswer;
  /** The name of each queue by its id. */
  queueNames: Readonly<Record<string, string>>;
  view: View;
  layout: Layout;
}

/** Computes the counts and the rows of the page from the client's agents. */
export function useBoardContent(input: BoardContentInput): BoardContent {
  const { client, clock, text, rules, queueNames, layout } = input;
  const view = useMemo(() => listView(input.view, layout), [input.view, layout]);
  const sampler = useMemo(() => new AgentSampler(client), [client]);
  const agents = useSyncExternalStore(sampler.subscribe, sampler.agents, sampler.agents);
  const queues = useSyncExternalStore(client.subscribeQueues, client.queues, () => client.initial.queues);
  const profiles = useMemo(() => profilesByQueue(queues), [queues]);
  const now = useSyncExternalStore(clock.subscribe, clock.now, clock.now);
  const scope = useMemo(() => inScope(view.groups), [view.groups]);
  const scoped = useMemo(() => agents.filter((agent) => scope(agent.groups)), [agents, scope]);
  const centerAlerts = useSyncExternalStore(client.subscribeAlerts, client.alerts, () => client.initial.alerts);
  const allAlerts = useMemo(
    () => boardAlerts(centerAlerts, { agents, queueNames, rules: rules.rules }).filter((alert) => alertInScope(scope, alert)),
    [centerAlerts, agents, queueNames, rules, scope],
  );
  const lastAlerts = useRef<AlertsByAgent>(new Map());
  const byAgent = useMemo(() => {
    lastAlerts.current = alertsByAgent(allAlerts, lastAlerts.current);
    return lastAlerts.current;
  }, [allAlerts]);
  const summary = useMemo(() => summarise(scoped, byAgent, now), [scoped, byAgent, now]);
  const shown = useMemo(
    () => shownAgents({ agents, view, alerts: byAgent, profiles, compare: text.compare }),
    [agents, view, byAgent, profiles, text],
  );
  const offline = useMemo(() => {
    if (!leavesOutOffline(input.view, layout)) return 0;
    const offlineView = { ...view, statuses: ["offline" as const] };
    return shownAgents({ agents, view: offlineView, alerts: byAgent, profiles, compare: text.compare }).length;
  }, [agents, input.view, view, layout, byAgent, profiles, text]);
  const held = useHeldOrder(shown, client.agent, view);
  const rows = useMemo(() => listRows(held.agents, { view, compare: text.compare }), [held.agents, view, text]);
  return { agents, scope, scoped, allAlerts, summary, rows, held, shown: held.agents.length, alerts: byAgent, view, offline };
}
