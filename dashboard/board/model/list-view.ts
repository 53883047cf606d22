import { STATUS_ORDER } from "./status-order.ts";
import type { Grouping, Sort, View } from "./view.ts";

/** A table, the cards of a phone, or the cards of the wallboard. */
export type Layout = "table" | "cards" | "wallboard";

/** What the headings of a list are about: the groups that the reader has chosen, or who needs a hand. */
export type Headings = Grouping | "attention";

/** A view whose order is known, whatever the layout. */
export interface ListView extends View {
  sort: Sort;
  headings: Headings;
}

/** The order that brings who needs a hand to the top. */
export const BY_ATTENTION: Sort = { column: "attention", descending: false };

/**
 * Completes the reader's view for a layout. Without a choice, what needs a hand comes first, in a section of its own. The
 * wallboard has another place for it, and hides offline agents. The reader's own choices win.
 */
export function listView(view: View, layout: Layout): ListView {
  const sort = view.sort ?? BY_ATTENTION;
  const hasSections = view.groupBy === "none" && sort.column === "attention" && layout !== "wallboard";
  return {
    ...view,
    sort,
    headings: hasSections ? "attention" : view.groupBy,
    statuses: leavesOutOffline(view, layout) ? STATUS_ORDER.filter((status) => status !== "offline") : view.statuses,
  };
}

export function leavesOutOffline(view: View, layout: Layout): boolean {
  return layout === "wallboard" && view.statuses.length === 0;
}
