import type { AgentStatus } from "../../../protocol/agent.ts";
import {
  ALERT_LEVELS,
  COLUMNS,
  DENSITIES,
  GROUPINGS,
  MOODS,
  type SortKey,
  START_VIEW,
  STATUS_ORDER,
  sameItems,
  type View,
} from "./view.ts";

/** The view as the page's address carries it, so that a link shows what its sender saw. Only what differs from the start view. */

export const VIEW_KEYS = ["q", "status", "group", "queue", "mood", "alert", "sort", "by", "cols", "density"] as const;
const SORTABLE: readonly SortKey[] = ["agent", ...COLUMNS, "attention"];

/** Reads a view from an address. Words of another version of this page that we do not know are left out. */
export function viewFromQuery(query: URLSearchParams, start: View = START_VIEW): View {
  const columns = query.get("cols");
  return {
    search: query.get("q") ?? start.search,
    statuses: query.has("status") ? known(query.getAll("status"), STATUS_ORDER) : start.statuses,
    groups: query.has("group") ? unique(query.getAll("group")) : start.groups,
    queues: query.has("queue") ? unique(query.getAll("queue")) : start.queues,
    moods: query.has("mood") ? known(query.getAll("mood"), MOODS) : start.moods,
    alerts: query.has("alert") ? known(query.getAll("alert"), ALERT_LEVELS) : start.alerts,
    sort: sortFrom(query.get("sort")) ?? start.sort,
    groupBy: oneOf(query.get("by"), GROUPINGS) ?? start.groupBy,
    columns: columns === null ? start.columns : known(columns.split(" "), COLUMNS),
    density: oneOf(query.get("density"), DENSITIES) ?? start.density,
  };
}

/** Writes `view` over the view's own keys of `query`; other keys (instance, language, …) stay. */
export function viewToQuery(view: View, query: URLSearchParams): URLSearchParams {
  const result = new URLSearchParams(query);
  for (const key of VIEW_KEYS) result.delete(key);
  if (view.search !== "") result.set("q", view.search);
  for (const status of view.statuses) result.append("status", status);
  for (const group of view.groups) result.append("group", group);
  for (const queue of view.queues) result.append("queue", queue);
  for (const mood of view.moods) result.append("mood", mood);
  for (const level of view.alerts) result.append("alert", level);
  if (view.sort !== null) result.set("sort", `${view.sort.descending ? "-" : ""}${view.sort.column}`);
  if (view.groupBy !== START_VIEW.groupBy) result.set("by", view.groupBy);
  if (!sameItems(view.columns, START_VIEW.columns)) result.set("cols", view.columns.join(" "));
  if (view.density !== START_VIEW.density) result.set("density", view.density);
  return result;
}

function sortFrom(text: string | null): View["sort"] | null {
  if (text === null) return null;
  const descending = text.startsWith("-");
  const column = oneOf(descending ? text.slice(1) : text, SORTABLE);
  return column === null ? null : { column, descending };
}

function oneOf<Word extends string>(text: string | null, words: readonly Word[]): Word | null {
  return words.find((word) => word === text) ?? null;
}

function known<Word extends AgentStatus | (typeof MOODS)[number] | string>(texts: string[], words: readonly Word[]): Word[] {
  return words.filter((word) => texts.includes(word));
}

function unique(texts: string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}
