import type { AgentView } from "../../client/contract.ts";
import type { ListView } from "./list-view.ts";
import type { View } from "./view.ts";

/**
 * Completes the reader's view for the wallboard. What needs a hand stands above the pages, so the others are in the order of their
 * names: there a name is found again, and no card moves when a score changes.
 */
export function wallboardView(view: View): ListView {
  return { ...view, sort: view.sort ?? { column: "agent", descending: false }, headings: view.groupBy };
}

/** Returns the agents who get a card. Those who are offline are only counted, unless the view asks for statuses. */
export function withCards(view: View, agents: readonly AgentView[]): readonly AgentView[] {
  return view.statuses.length > 0 ? agents : agents.filter(({ status }) => status !== "offline");
}
