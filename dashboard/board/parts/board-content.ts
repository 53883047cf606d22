import { useMemo, useRef, useSyncExternalStore } from "react";
import type { CenterQueue } from "../../../protocol/queue.ts";
import type { AgentClient, AgentView } from "../../client/contract.ts";
import { alertInScope, type ScopedSubjects } from "../model/alert-scope.ts";
import { type AlertsByAgent, alertsByAgent } from "../model/alerts-by-agent.ts";
import { type Attention, attentionOf } from "../model/attention.ts";
import { type BoardAlert, boardAlerts } from "../model/board-alert.ts";
import { type ListView, listView } from "../model/list-view.ts";
import { profilesByQueue } from "../model/queues.ts";
import { type ListRow, listRows, placedAgents, sameRows, shownAgents } from "../model/rows.ts";
import type { RulesAnswer } from "../model/rules-answer.ts";
import { type Summary, summarise } from "../model/summary.ts";
import type { TeamPath } from "../model/team-path.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import type { BoardClock } from "./board-clock.ts";
import { type HeldOrder, useHeldOrder } from "./held-order.ts";
import { AgentSampler } from "./sampler.ts";
import { useScopedCenter } from "./scoped-center.ts";
import { useStable } from "./stable.ts";

export interface BoardContent {
  /** All agents that the viewer may see. */
  agents: readonly AgentView[];
  /** The reader's teams, none of them = all, and what is in them. */
  teams: readonly TeamPath[];
  scope: ScopedSubjects;
  /** The agents in the scope. */
  scoped: readonly AgentView[];
  /** The queues for which an agent in the scope works. */
  queues: readonly CenterQueue[];
  /** The alerts in the scope, also those that are over. */
  allAlerts: readonly BoardAlert[];
  summary: Summary;
  rows: readonly ListRow[];
  /** The rows in the order of the view, whatever is held. */
  ordered: readonly ListRow[];
  /** The agents on the page, in their order. */
  listed: readonly AgentView[];
  held: HeldOrder;
  /** The number of agents on the page. */
  shown: number;
  alerts: AlertsByAgent;
  /** The reader's view, with an order. */
  view: ListView;
}

interface BoardContentInput {
  client: AgentClient;
  clock: BoardClock;
  text: Text;
  rules: RulesAnswer;
  /** The name of each queue by its id. */
  queueNames: Readonly<Record<string, string>>;
  view: View;
  teams: readonly TeamPath[];
}

/** Computes the counts and the rows of the page from the client's agents. */
export function useBoardContent(input: BoardContentInput): BoardContent {
  const { client, clock, text, rules, queueNames, teams } = input;
  const view = useMemo(() => listView(input.view), [input.view]);
  const sampler = useMemo(() => new AgentSampler(client), [client]);
  const agents = useSyncExternalStore(sampler.subscribe, sampler.agents, sampler.agents);
  const knownQueues = useSyncExternalStore(client.subscribeQueues, client.queues, () => client.initial.queues);
  const profiles = useMemo(() => profilesByQueue(knownQueues), [knownQueues]);
  const now = useSyncExternalStore(clock.subscribe, clock.now, clock.now);
  const { scope, scoped, queues } = useScopedCenter(client, agents, { teams, groups: view.groups });
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
  const lastAttention = useRef<Attention>(new Map());
  const attention = useMemo(() => {
    lastAttention.current = attentionOf(byAgent, lastAttention.current, now);
    return lastAttention.current;
  }, [byAgent, now]);
  const summary = useMemo(() => summarise(scoped, byAgent, now), [scoped, byAgent, now]);
  const list = useMemo(
    () => ({ agents: scoped, view, alerts: byAgent, attention, profiles, text }),
    [scoped, view, byAgent, attention, profiles, text],
  );
  const placed = useMemo(() => placedAgents(shownAgents(list), { ...list, headings: view.headings }), [list, view.headings]);
  const held = useHeldOrder(placed, view.headings, view);
  const ordered = useStable(
    useMemo(() => listRows(placed, view.headings), [placed, view.headings]),
    sameRows,
  );
  const rows = useStable(
    useMemo(
      () => (held.placed === placed ? ordered : listRows(held.placed, view.headings)),
      [held.placed, placed, ordered, view.headings],
    ),
    sameRows,
  );
  const listed = useMemo(() => held.placed.map(({ agent }) => agent), [held.placed]);
  const rest = { summary, rows, ordered, listed, held, shown: listed.length, alerts: byAgent, view };
  return { agents, teams, scope, scoped, queues, allAlerts, ...rest };
}
