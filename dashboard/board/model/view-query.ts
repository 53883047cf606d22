import { OPTIONAL_KEYS, optionalKeyFor } from "../columns/column-keys.ts";
import { ALERT_LEVELS } from "./alert-levels.ts";
import { CHANNELS } from "./contacts.ts";
import { SENTIMENT_FILTERS } from "./sentiment-label.ts";
import { STATUS_ORDER } from "./status-order.ts";
import { teamKey, teamPathOf } from "./team-path.ts";
import { DENSITIES, GROUPINGS, type SortKey, START_VIEW, sameItems, type View } from "./view.ts";

/** The address and a saved view carry a view as a query: only the choices that differ from the start view. */

export const VIEW_KEYS = [
  "q",
  "status",
  "team",
  "group",
  "queue",
  "channel",
  "sentiment",
  "alert",
  "sort",
  "by",
  "cols",
  "density",
] as const;
/** Keys that links and saved views may still have from earlier versions, each with its key of today. */
export const FORMER_KEYS = { mood: "sentiment" } as const;

/** Reads a view. Leaves out unknown words: they come from another version of this page. */
export function viewFromQuery(given: URLSearchParams, start: View = START_VIEW): View {
  const query = withCurrentKeys(given);
  const columns = query.get("cols");
  return {
    search: query.get("q") ?? start.search,
    statuses: query.has("status") ? known(query.getAll("status"), STATUS_ORDER) : start.statuses,
    teams: query.has("team")
      ? unique(query.getAll("team"))
          .map(teamPathOf)
          .filter((path) => path.length > 0)
      : start.teams,
    groups: query.has("group") ? unique(query.getAll("group")) : start.groups,
    queues: query.has("queue") ? unique(query.getAll("queue")) : start.queues,
    channels: query.has("channel") ? known(query.getAll("channel"), CHANNELS) : start.channels,
    sentiments: query.has("sentiment") ? known(query.getAll("sentiment"), SENTIMENT_FILTERS) : start.sentiments,
    alerts: query.has("alert") ? known(query.getAll("alert"), ALERT_LEVELS) : start.alerts,
    sort: sortFrom(query.get("sort")) ?? start.sort,
    groupBy: oneOf(query.get("by"), GROUPINGS) ?? start.groupBy,
    columns: columns === null ? start.columns : known(columns.split(" ").map(optionalKeyFor), OPTIONAL_KEYS),
    density: oneOf(query.get("density"), DENSITIES) ?? start.density,
  };
}

/** Replaces the keys of the view in `query`. Other keys (instance, language, …) stay. */
export function viewToQuery(view: View, query: URLSearchParams): URLSearchParams {
  const result = new URLSearchParams(query);
  for (const key of [...VIEW_KEYS, ...Object.keys(FORMER_KEYS)]) result.delete(key);
  if (view.search !== "") result.set("q", view.search);
  for (const status of view.statuses) result.append("status", status);
  for (const path of view.teams ?? []) result.append("team", teamKey(path));
  // An empty key says that all teams are meant, whatever the reader's own are.
  if (view.teams?.length === 0) result.set("team", "");
  for (const group of view.groups) result.append("group", group);
  for (const queue of view.queues) result.append("queue", queue);
  for (const channel of view.channels) result.append("channel", channel);
  for (const sentiment of view.sentiments) result.append("sentiment", sentiment);
  for (const level of view.alerts) result.append("alert", level);
  if (view.sort !== null) result.set("sort", `${view.sort.descending ? "-" : ""}${view.sort.column}`);
  if (view.groupBy !== START_VIEW.groupBy) result.set("by", view.groupBy);
  if (!sameItems(view.columns, START_VIEW.columns)) result.set("cols", view.columns.join(" "));
  if (view.density !== START_VIEW.density) result.set("density", view.density);
  return result;
}

/** Writes the saved query `text` with the keys of today, so that equal views have equal queries. */
export function currentQuery(text: string): string {
  return viewToQuery(viewFromQuery(new URLSearchParams(text)), new URLSearchParams()).toString();
}

function withCurrentKeys(query: URLSearchParams): URLSearchParams {
  let result = query;
  for (const [former, key] of Object.entries(FORMER_KEYS)) {
    if (!query.has(former)) continue;
    result = new URLSearchParams(result);
    for (const value of query.getAll(former)) result.append(key, value);
  }
  return result;
}

function sortFrom(text: string | null): View["sort"] | null {
  if (text === null) return null;
  const descending = text.startsWith("-");
  const column = sortKeyFor(descending ? text.slice(1) : text);
  return column === null ? null : { column, descending };
}

function sortKeyFor(word: string): SortKey | null {
  return word === "agent" || word === "attention" ? word : optionalKeyFor(word);
}

function oneOf<Word extends string>(text: string | null, words: readonly Word[]): Word | null {
  return words.find((word) => word === text) ?? null;
}

function known<Word extends string>(texts: readonly (string | null)[], words: readonly Word[]): Word[] {
  return words.filter((word) => texts.includes(word));
}

function unique(texts: string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}
