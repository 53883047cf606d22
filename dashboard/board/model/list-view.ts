import { STATUS_ORDER } from "./status-order.ts";
import type { Sort, View } from "./view.ts";

/** How the agents are laid out: a table, cards for a phone, or the cards of the wallboard. */
export type Layout = "table" | "cards" | "wallboard";

/** A view that leaves nothing to the layout. */
export interface ListView extends View {
  sort: Sort;
}

const BY_NAME: Sort = { column: "agent", descending: false };
const BY_ATTENTION: Sort = { column: "attention", descending: false };

/**
 * What a list shows for the reader's view. A table is read by name; where few fit at once what needs a hand comes first, and
 * the wallboard leaves out who is offline. What the reader has chosen wins.
 */
export function listView(view: View, layout: Layout): ListView {
  return {
    ...view,
    sort: view.sort ?? (layout === "table" ? BY_NAME : BY_ATTENTION),
    statuses: leavesOutOffline(view, layout) ? STATUS_ORDER.filter((status) => status !== "offline") : view.statuses,
  };
}

export function leavesOutOffline(view: View, layout: Layout): boolean {
  return layout === "wallboard" && view.statuses.length === 0;
}
