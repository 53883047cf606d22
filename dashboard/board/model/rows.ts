import type { AgentView } from "../../client/contract.ts";
import { type AgentComparison, byName, byNumber, type SortInput } from "../columns/column.ts";
import { columnOf } from "../columns/column-keys.ts";
import { openLevels, urgency } from "./alert-levels.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import { teamOf } from "./grouping.ts";
import type { ListView } from "./list-view.ts";
import { type ProfilesByQueue, worksFor } from "./queues.ts";
import { folded, matches } from "./search.ts";
import { sentimentsOf } from "./sentiment-label.ts";
import { statusRank } from "./status-order.ts";
import type { View } from "./view.ts";

export type ListRow =
  | { kind: "group"; key: string; count: number }
  /** `position` is 1 for the first agent shown. Assistive technology reads it. */
  | { kind: "agent"; agentId: string; position: number };

export interface RowsInput {
  agents: readonly AgentView[];
  view: ListView;
  alerts: AlertsByAgent;
  /** The queue filter also shows the agents whose routing profile serves the queue. An older hub tells of no queue. */
  profiles: ProfilesByQueue;
  /** Compares two texts in the reader's language. */
  compare: (a: string, b: string) => number;
}

/** Returns the agents that pass the view's filters, in the view's order. */
export function shownAgents(input: RowsInput): AgentView[] {
  const { view, alerts } = input;
  const search = folded(view.search.trim());
  const shown = input.agents.filter(
    (agent) =>
      passes(view.statuses, [agent.status]) &&
      passes(view.groups, agent.groups) &&
      (view.queues.length === 0 || view.queues.some((name) => worksFor(agent, name, input.profiles.get(name)))) &&
      (view.sentiments.length === 0 || passes(view.sentiments, sentimentsOf(agent, alerts.get(agent.agentId)))) &&
      passes(view.alerts, openLevels(alerts.get(agent.agentId))) &&
      matches(search, [
        agent.name,
        teamOf(agent),
        agent.queue,
        agent.contactId,
        agent.statusName,
        ...agent.categories,
        ...(agent.contacts ?? []).flatMap(({ contactId, queue }) => [contactId, queue]),
      ]),
  );
  return shown.sort(viewOrder(input));
}

/** Returns the rows of the list: the agents, under a heading per group if the view has groups. */
export function listRows(agents: readonly AgentView[], input: { view: View; compare: RowsInput["compare"] }): ListRow[] {
  const { groupBy } = input.view;
  if (groupBy === "none") return agents.map((agent, index) => ({ kind: "agent", agentId: agent.agentId, position: index + 1 }));

  const groups = new Map<string, AgentView[]>();
  for (const agent of agents) {
    const key = groupBy === "team" ? teamOf(agent) : agent.status;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [agent]);
    else members.push(agent);
  }
  const keys = [...groups.keys()].sort(groupBy === "team" ? emptyLast(input.compare) : byStatus);
  const rows: ListRow[] = [];
  let position = 0;
  for (const key of keys) {
    const members = groups.get(key) ?? [];
    rows.push({ kind: "group", key, count: members.length });
    for (const agent of members) rows.push({ kind: "agent", agentId: agent.agentId, position: ++position });
  }
  return rows;
}

/**
 * Keeps the order of `held` while somebody is on a row. An agent of `held` stays even if a filter now hides it, and new agents
 * go to the end.
 */
export function heldOrder(
  held: readonly string[],
  shown: readonly AgentView[],
  known: (id: string) => AgentView | undefined,
): AgentView[] {
  const kept = held.map(known).filter((agent) => agent !== undefined);
  const before = new Set(held);
  return [...kept, ...shown.filter((agent) => !before.has(agent.agentId))];
}

function passes<Item>(filter: readonly Item[], values: readonly Item[]): boolean {
  return filter.length === 0 || values.some((value) => filter.includes(value));
}

function byStatus(a: string, b: string): number {
  return statusRank(a) - statusRank(b);
}

function emptyLast(compare: (a: string, b: string) => number): (a: string, b: string) => number {
  return (a, b) => Number(a === "") - Number(b === "") || compare(a, b);
}

/** Compares by the chosen column, then by name and id, so that equal rows never change places. */
function viewOrder({ view, alerts, compare }: RowsInput): AgentComparison {
  const { column, descending } = view.sort;
  const input: SortInput = { descending, alerts, compare };
  const first = column === "attention" ? byAttention(input) : columnOf(column).comparison(input);
  const ascendingNames = byName({ ...input, descending: false });
  return (a, b) => first(a, b) || ascendingNames(a, b);
}

/** Compares by the level of the open alerts, then by sentiment, then by status. */
function byAttention(input: SortInput): AgentComparison {
  const comparisons = [
    byNumber((agent, alerts) => urgency(alerts.get(agent.agentId)))(input),
    byNumber((agent) => agent.sentimentScore)(input),
    byNumber((agent) => statusRank(agent.status))(input),
  ];
  return (a, b) => comparisons.reduce((result, comparison) => result || comparison(a, b), 0);
}
