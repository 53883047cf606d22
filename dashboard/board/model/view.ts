import type { AgentStatus, Channel } from "../../../protocol/agent.ts";
import { type ColumnKey, columnOf, type OptionalColumnKey, START_KEYS } from "../columns/column-keys.ts";
import type { AlertLevel } from "./alert-levels.ts";
import type { SentimentFilter } from "./sentiment-label.ts";
import type { TeamPath } from "./team-path.ts";

export const GROUPINGS = ["none", "team", "status"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** A list is sorted by a column, or by urgency (`attention`). */
export type SortKey = ColumnKey | "attention";

export interface Sort {
  column: SortKey;
  descending: boolean;
}

/** The supervisor's choice of agents, order and columns. An empty filter lets every agent pass. */
export interface View {
  search: string;
  statuses: readonly AgentStatus[];
  /** The reader's teams; none of them = all teams. Null = those that the reader has chosen in this browser. */
  teams: readonly TeamPath[] | null;
  /** Names of hierarchy levels, from links of earlier versions. An agent in any of them passes. */
  groups: readonly string[];
  queues: readonly string[];
  /** An agent with a contact of any of these channels passes. */
  channels: readonly Channel[];
  sentiments: readonly SentimentFilter[];
  alerts: readonly AlertLevel[];
  /** Null for the order that suits the layout: see `listView`. */
  sort: Sort | null;
  groupBy: Grouping;
  columns: readonly OptionalColumnKey[];
  density: Density;
}

export const START_VIEW: View = {
  search: "",
  statuses: [],
  teams: null,
  groups: [],
  queues: [],
  channels: [],
  sentiments: [],
  alerts: [],
  sort: null,
  groupBy: "none",
  columns: START_KEYS,
  density: "comfortable",
};

/** Whether the view leaves agents out that are in the reader's teams. */
export function hasFilters(view: View): boolean {
  const { search, statuses, groups, queues, channels, sentiments, alerts } = view;
  return [search, statuses, groups, queues, channels, sentiments, alerts].some((filter) => filter.length > 0);
}

/** Returns the view without its filters. The reader's teams stay. */
export function withoutFilters(view: View): View {
  return { ...view, search: "", statuses: [], groups: [], queues: [], channels: [], sentiments: [], alerts: [] };
}

/** Adds `item` to a filter, or removes it. */
export function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

/** Compares two lists as sets. */
export function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Reverses the order when the reader presses the same heading again. A new column starts in its own direction. */
export function sortedBy(sort: Sort, column: SortKey): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column !== "attention" && columnOf(column).descendingFirst === true };
}
