import type { Grouping, Sort, View } from "./view.ts";

/** A table, or the cards of a phone. */
export type Layout = "table" | "cards";

/** What the headings of a list are about: the groups that the reader has chosen, or who needs a hand. */
export type Headings = Grouping | "attention";

/** A view whose order is known. */
export interface ListView extends View {
  sort: Sort;
  headings: Headings;
}

/** The order that brings who needs a hand to the top. */
export const BY_ATTENTION: Sort = { column: "attention", descending: false };

/** Completes the reader's view. Without a choice of the reader, who needs a hand comes first, in a section of its own. */
export function listView(view: View): ListView {
  const sort = view.sort ?? BY_ATTENTION;
  const hasSections = view.groupBy === "none" && sort.column === "attention";
  return { ...view, sort, headings: hasSections ? "attention" : view.groupBy };
}
