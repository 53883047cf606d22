import { STATUS_ORDER } from "./status-order.ts";
import type { Sort, View } from "./view.ts";

/** A table, the cards of a phone, or the cards of the wallboard. */
export type Layout = "table" | "cards" | "wallboard";

/** A view whose order is known, whatever the layout. */
export interface ListView extends View {
  sort: Sort;
}

const BY_NAME: Sort = { column: "agent", descending: false };
const BY_ATTENTION: Sort = { column: "attention", descending: false };

/**
 * Completes the reader's view for a layout. A table is sorted by name. Cards show the most urgent agents first, because few
 * fit on a page. The wallboard hides offline agents. The reader's own choices win.
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
