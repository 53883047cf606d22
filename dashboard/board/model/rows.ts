import type { AgentView } from "../../client/contract.ts";
import type { AgentComparison, SortInput } from "../columns/column.ts";
import { columnOf } from "../columns/column-keys.ts";
import type { Text } from "../text/text.ts";
import { openLevels } from "./alert-levels.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import type { Attention } from "./attention.ts";
import type { BoardAlert } from "./board-alert.ts";
import { channelsOf } from "./contacts.ts";
import type { Headings, ListView } from "./list-view.ts";
import { nameOrder } from "./name-order.ts";
import { type ProfilesByQueue, worksFor } from "./queues.ts";
import { hasWords, wordsOf } from "./search.ts";
import { searchText } from "./search-words.ts";
import { sentimentsOf } from "./sentiment-label.ts";
import { statusRank } from "./status-order.ts";
import { teamKey, teamPathOf } from "./team-path.ts";

export type ListRow =
  /** A heading. `key` is a status, the text of a team's path, or a {@link Section}. */
  | { kind: "group"; key: string; count: number }
  /** `position` is 1 for the first agent shown. Assistive technology reads it. */
  | { kind: "agent"; agentId: string; position: number };

/** The sections of a list in the order of attention. */
export type Section = "needy" | "others";

/** An agent and the key of its heading; empty without headings, and for an agent without a team. */
export interface PlacedAgent {
  agent: AgentView;
  group: string;
}

export interface RowsInput {
  /** The agents in the reader's scope. */
  agents: readonly AgentView[];
  view: ListView;
  alerts: AlertsByAgent;
  attention: Attention;
  /** The queue filter also shows the agents whose routing profile serves the queue. An older hub tells of no queue. */
  profiles: ProfilesByQueue;
  /** The reader's language: what the search finds, and how names compare. */
  text: Text;
}

const NO_ALERTS: readonly BoardAlert[] = [];

/** Returns the agents that pass the view's filters, in the view's order. */
export function shownAgents(input: RowsInput): AgentView[] {
  const { view, alerts, text } = input;
  const words = wordsOf(view.search);
  const shown = input.agents.filter(
    (agent) =>
      passes(view.statuses, [agent.status]) &&
      passes(view.groups, agent.groups) &&
      (view.queues.length === 0 || view.queues.some((name) => worksFor(agent, name, input.profiles.get(name)))) &&
      (view.channels.length === 0 || passes(view.channels, channelsOf(agent))) &&
      (view.sentiments.length === 0 || passes(view.sentiments, sentimentsOf(agent, alerts.get(agent.agentId)))) &&
      passes(view.alerts, openLevels(alerts.get(agent.agentId))) &&
      (words.length === 0 || hasWords(words, searchText(agent, alerts.get(agent.agentId) ?? NO_ALERTS, text))),
  );
  return shown.sort(viewOrder(input));
}

/** Puts the agents, which are in the view's order, under their headings. */
export function placedAgents(
  agents: readonly AgentView[],
  { headings, attention, text }: Pick<RowsInput, "attention" | "text"> & Pick<ListView, "headings">,
): PlacedAgent[] {
  const groupOf = headingOf(headings, attention);
  const groups = new Map<string, PlacedAgent[]>();
  for (const agent of agents) addTo(groups, { agent, group: groupOf(agent) });
  const compare = headingOrder(headings, text.compare);
  return [...groups].sort(([a], [b]) => compare(a, b)).flatMap(([, members]) => members);
}

function addTo(groups: Map<string, PlacedAgent[]>, placed: PlacedAgent): void {
  const members = groups.get(placed.group);
  if (members === undefined) groups.set(placed.group, [placed]);
  else members.push(placed);
}

/**
 * Returns the rows of the list: the agents, with a heading before each group. The heading of those who need a hand is there even
 * without anybody, so that the first one moves the others by one row only.
 */
export function listRows(placed: readonly PlacedAgent[], by: Headings): ListRow[] {
  const counts = new Map<string, number>();
  for (const { group } of placed) counts.set(group, (counts.get(group) ?? 0) + 1);
  const rows: ListRow[] = [];
  const addHeading = (key: string) => rows.push({ kind: "group", key, count: counts.get(key) ?? 0 });
  if (by === "attention" && placed[0]?.group === ("others" satisfies Section)) addHeading("needy" satisfies Section);
  for (const [index, { agent, group }] of placed.entries()) {
    if (by !== "none" && group !== placed[index - 1]?.group) addHeading(group);
    rows.push({ kind: "agent", agentId: agent.agentId, position: index + 1 });
  }
  return rows;
}

/** Whether two lists show the same rows in the same order. */
export function sameRows(one: readonly ListRow[], other: readonly ListRow[]): boolean {
  return one.length === other.length && one.every((row, index) => sameRow(row, other[index]));
}

function sameRow(one: ListRow, other: ListRow | undefined): boolean {
  if (one.kind === "group") return other?.kind === "group" && other.key === one.key && other.count === one.count;
  return other?.kind === "agent" && other.agentId === one.agentId && other.position === one.position;
}

/** The place of an agent on the page while the order is held. */
export interface HeldPlace {
  agentId: string;
  group: string;
}

/**
 * Keeps the places of `held` while somebody is on a row, whatever changes the order. Filters act at once: who passes no longer is
 * gone, and who passes newly comes last in its group, so that the rows above stay. Sections of attention are no groups in this
 * sense: a row that newly needs a hand must not move the others.
 */
export function heldOrder(held: readonly HeldPlace[], shown: readonly PlacedAgent[], by: Headings): PlacedAgent[] {
  const now = new Map(shown.map((placed) => [placed.agent.agentId, placed]));
  const groups = new Map<string, PlacedAgent[]>();
  for (const { agentId, group } of held) {
    const agent = now.get(agentId)?.agent;
    if (agent === undefined) continue;
    addTo(groups, { agent, group });
    now.delete(agentId);
  }
  const last = [...groups.keys()].at(-1);
  for (const placed of now.values()) {
    addTo(groups, by === "attention" && last !== undefined ? { ...placed, group: last } : placed);
  }
  return [...groups.values()].flat();
}

function passes<Item>(filter: readonly Item[], values: readonly Item[]): boolean {
  return filter.length === 0 || values.some((value) => filter.includes(value));
}

function headingOf(headings: Headings, attention: Attention): (agent: AgentView) => string {
  switch (headings) {
    case "none":
      return () => "";
    case "team":
      return (agent) => teamKey(agent.groups);
    case "status":
      return (agent) => agent.status;
    case "attention":
      return (agent): Section => (attention.has(agent.agentId) ? "needy" : "others");
  }
}

function headingOrder(headings: Headings, compare: (a: string, b: string) => number): (a: string, b: string) => number {
  if (headings === "status") return (a, b) => statusRank(a) - statusRank(b);
  if (headings === "attention") return (a, b) => Number(a === "others") - Number(b === "others");
  const nameOf = (key: string) => teamPathOf(key).join(" · ");
  // Two teams whose names differ only in case or accents stay apart.
  return (a, b) => Number(a === "") - Number(b === "") || compare(nameOf(a), nameOf(b)) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Compares by the chosen column, then by name and id, so that equal rows never change places. */
function viewOrder({ agents, view, alerts, attention, text }: RowsInput): AgentComparison {
  const { column, descending } = view.sort;
  const names = nameOrder(agents, text.compare);
  if (column === "agent") return descending ? (a, b) => names(b, a) : names;
  const input: SortInput = { descending, alerts, compare: text.compare };
  const first = column === "attention" ? byAttention(attention) : columnOf(column).comparison(input);
  return (a, b) => first(a, b) || names(a, b);
}

/**
 * Compares who needs a hand by the level of the open alerts, then by the time since when. All others are equal, so that no score
 * and no status moves them, but who is offline comes last.
 */
function byAttention(attention: Attention): AgentComparison {
  const offline = ({ status }: AgentView) => Number(status === "offline");
  return (a, b) => {
    const [one, other] = [attention.get(a.agentId), attention.get(b.agentId)];
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined) || offline(a) - offline(b);
    }
    return one.level - other.level || one.since - other.since;
  };
}
