import type { AgentStatus } from "../../../protocol/agent.ts";
import { type ColumnKey, columnOf, type OptionalColumnKey, START_KEYS } from "../columns/column-keys.ts";
import type { AlertLevel } from "./alert-levels.ts";
import type { SentimentFilter } from "./sentiment-label.ts";

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
  /** Names of hierarchy levels. An agent in any of them passes. */
  groups: readonly string[];
  queues: readonly string[];
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
  groups: [],
  queues: [],
  sentiments: [],
  alerts: [],
  sort: null,
  groupBy: "none",
  columns: START_KEYS,
  density: "comfortable",
};

export function hasFilters(view: View): boolean {
  return [view.search, view.statuses, view.groups, view.queues, view.sentiments, view.alerts].some((filter) => filter.length > 0);
}

export function withoutFilters(view: View): View {
  return { ...view, search: "", statuses: [], groups: [], queues: [], sentiments: [], alerts: [] };
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
