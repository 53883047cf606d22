import type { AgentStatus } from "../../../protocol/agent.ts";

export const COLUMNS = [
  "status",
  "time",
  "call",
  "queue",
  "sentiment",
  "alerts",
  "groups",
  "categories",
  "channel",
  "profile",
] as const;
export type OptionalColumn = (typeof COLUMNS)[number];
/** The agent's name is always the first column: it is the row's header. */
export type Column = "agent" | OptionalColumn;

export const SENTIMENT_FILTERS = ["positive", "neutral", "negative", "falling", "unscored"] as const;
export type SentimentFilter = (typeof SENTIMENT_FILTERS)[number];
export const ALERT_LEVELS = ["critical", "warn"] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];
export const GROUPINGS = ["none", "team", "status"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** What a list can be sorted by: a column, or what needs a hand first. */
export type SortKey = Column | "attention";

export interface Sort {
  column: SortKey;
  descending: boolean;
}

/** What the supervisor has chosen to see. An empty filter lets everything through. */
export interface View {
  search: string;
  statuses: readonly AgentStatus[];
  /** Names of levels: an agent passes that stands in any of them. */
  groups: readonly string[];
  queues: readonly string[];
  sentiments: readonly SentimentFilter[];
  alerts: readonly AlertLevel[];
  /** null for what suits the list: see `listView`. */
  sort: Sort | null;
  groupBy: Grouping;
  columns: readonly OptionalColumn[];
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
  columns: ["status", "time", "call", "queue", "sentiment", "alerts"],
  density: "comfortable",
};

/** In the order a supervisor wants to read them: what needs a hand first. */
export const STATUS_ORDER: readonly AgentStatus[] = [
  "error",
  "missed",
  "on hold",
  "on a call",
  "ringing",
  "after call work",
  "away",
  "available",
  "offline",
];

export function hasFilters(view: View): boolean {
  return [view.search, view.statuses, view.groups, view.queues, view.sentiments, view.alerts].some((filter) => filter.length > 0);
}

export function withoutFilters(view: View): View {
  return { ...view, search: "", statuses: [], groups: [], queues: [], sentiments: [], alerts: [] };
}

/** Adds `item` to a filter, or takes it out. */
export function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

/** Same set of things, in any order. */
export function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Pressing a header again turns the order around; a new column starts with what is most worth seeing. */
export function sortedBy(sort: Sort, column: SortKey): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column === "time" || column === "call" || column === "alerts" };
}
