import type { AgentView, Alert } from "../../client/contract.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import { teamOf } from "./grouping.ts";
import type { ListView } from "./list-view.ts";
import { folded, matches } from "./search.ts";
import { sentimentsOf } from "./sentiment-label.ts";
import { type AlertLevel, STATUS_ORDER, type View } from "./view.ts";

export type ListRow =
  | { kind: "group"; key: string; count: number }
  /** `position` is 1 for the first agent shown: what assistive technology is told. */
  | { kind: "agent"; agentId: string; position: number };

export interface RowsInput {
  agents: readonly AgentView[];
  view: ListView;
  alerts: AlertsByAgent;
  compare: (a: string, b: string) => number;
}

/** The agents that the view lets through, in its order. */
export function shownAgents(input: RowsInput): AgentView[] {
  const { view, alerts } = input;
  const search = folded(view.search.trim());
  const shown = input.agents.filter(
    (agent) =>
      passes(view.statuses, [agent.status]) &&
      passes(view.groups, agent.groups) &&
      passes(view.queues, agent.queue === null ? [] : [agent.queue]) &&
      (view.sentiments.length === 0 || passes(view.sentiments, sentimentsOf(agent, alerts.get(agent.agentId)))) &&
      passes(view.alerts, openLevels(alerts.get(agent.agentId))) &&
      matches(search, [agent.name, teamOf(agent), agent.queue, agent.contactId, agent.statusName, ...agent.categories]),
  );
  return shown.sort(comparator(input));
}

/** The rows of the table: agents, under a heading per group when the view groups. */
export function boardRows(agents: readonly AgentView[], input: { view: View; compare: RowsInput["compare"] }): ListRow[] {
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
 * Keeps the agents where they stand while somebody is on a row: those of `held` that still exist keep their order, even if
 * a filter would now hide them, and newcomers go to the end.
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

/** An acknowledged alert is in somebody's hands. */
function openLevels(alerts: readonly Alert[] | undefined): AlertLevel[] {
  return (alerts ?? []).filter((alert) => !alert.acknowledged).map((alert) => alert.level);
}

const STATUS_RANK: ReadonlyMap<string, number> = new Map(STATUS_ORDER.map((status, index) => [status, index]));

function statusRank(status: string): number {
  return STATUS_RANK.get(status) ?? STATUS_ORDER.length;
}

function byStatus(a: string, b: string): number {
  return statusRank(a) - statusRank(b);
}

function emptyLast(compare: (a: string, b: string) => number): (a: string, b: string) => number {
  return (a, b) => Number(a === "") - Number(b === "") || compare(a, b);
}

type Compare = (a: AgentView, b: AgentView) => number;

/** Chosen column, then name, then id, so that equal rows never trade places. Rows without a value come last both ways. */
function comparator({ view, alerts, compare }: RowsInput): Compare {
  const { column, descending } = view.sort;
  const byName: Compare = (a, b) => compare(a.name, b.name) || (a.agentId < b.agentId ? -1 : a.agentId > b.agentId ? 1 : 0);
  const turned = descending ? -1 : 1;
  const words =
    (field: (agent: AgentView) => string | null): Compare =>
    (a, b) => {
      const [one, other] = [field(a) ?? "", field(b) ?? ""];
      if (one === "" || other === "") return Number(one === "") - Number(other === "");
      return turned * compare(one, other);
    };
  const numbers =
    (field: (agent: AgentView) => number | null): Compare =>
    (a, b) => {
      const [one, other] = [field(a), field(b)];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return turned * (one - other);
    };
  const bySentiment = numbers((agent) => agent.sentimentScore);
  const chosen: Record<typeof column, Compare> = {
    agent: (a, b) => turned * byName(a, b),
    status: (a, b) => turned * (statusRank(a.status) - statusRank(b.status)),
    // The longest time is the earliest start.
    time: numbers((agent) => -agent.since),
    call: numbers((agent) => (agent.callStartedAt === null ? null : -agent.callStartedAt)),
    queue: words((agent) => agent.queue),
    sentiment: bySentiment,
    alerts: numbers((agent) => severity(alerts.get(agent.agentId))),
    groups: words(teamOf),
    categories: words((agent) => agent.categories.join(" ")),
    channel: words((agent) => agent.channel),
    profile: words((agent) => agent.routingProfile),
    attention: (a, b) =>
      turned * (urgency(alerts.get(a.agentId)) - urgency(alerts.get(b.agentId))) ||
      bySentiment(a, b) ||
      turned * (statusRank(a.status) - statusRank(b.status)),
  };
  const first = chosen[column];
  return (a, b) => first(a, b) || byName(a, b);
}

/** 0 for who needs a hand, 1 for who is worth a look, 2 for who is neither. */
function urgency(alerts: readonly Alert[] | undefined): number {
  const levels = openLevels(alerts);
  return levels.includes("critical") ? 0 : levels.length > 0 ? 1 : 2;
}

/** Critical open alerts outweigh any number of warnings; null for none. */
function severity(alerts: readonly Alert[] | undefined): number | null {
  const levels = openLevels(alerts);
  return levels.length === 0 ? null : levels.reduce((sum, level) => sum + (level === "critical" ? 1000 : 1), 0);
}
