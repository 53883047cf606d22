import { columnOf } from "../columns/column-keys.ts";
import type { Text } from "../text/text.ts";
import type { ListView } from "./list-view.ts";
import { type TeamPath, teamName } from "./team-path.ts";

/** Says on paper what the list shows and in which order: teams, search, filters, grouping, sort. One sentence each. */
export function viewWords(view: ListView, teams: readonly TeamPath[], text: Text): string[] {
  const filter = (name: string, items: readonly string[]) =>
    items.length === 0 ? [] : [text.text("print.filter", { name, words: text.list(items) })];
  const { column, descending } = view.sort;
  const order = text.text(column === "attention" ? "sort.attention" : columnOf(column).heading);
  return [
    text.text("print.teams", { words: teams.length === 0 ? text.text("teams.all") : text.list(teams.map(teamName)) }),
    ...(view.search === "" ? [] : [text.text("print.search", { words: view.search })]),
    ...filter(
      text.text("filter.status"),
      view.statuses.map((status) => text.text(`status.${status}`)),
    ),
    ...filter(text.text("filter.group"), view.groups),
    ...filter(text.text("filter.queue"), view.queues),
    ...filter(
      text.text("filter.channel"),
      view.channels.map((channel) => text.text(`channel.${channel}`)),
    ),
    ...filter(
      text.text("filter.sentiment"),
      view.sentiments.map((sentiment) => text.text(`sentiment.${sentiment}`)),
    ),
    ...filter(
      text.text("filter.alert"),
      view.alerts.map((level) => text.text(`alertLevel.${level}`)),
    ),
    ...(view.groupBy === "none" ? [] : [text.text("print.groupBy", { words: text.text(`groupBy.${view.groupBy}`) })]),
    text.text(column !== "attention" && descending ? "print.sortDown" : "print.sort", { words: order }),
  ];
}
