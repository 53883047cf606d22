import type { View } from "../model/view.ts";
import { viewFromQuery, viewToQuery } from "../model/view-query.ts";
import { THEMES, type Theme } from "../parts/Header.tsx";

/** The instance the demo on one machine uses. */
const DEMO_INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";

/** What the page's address says. */
export interface Address {
  instanceId: string;
  /** The name to show for it. */
  title: string | null;
  lang: string | null;
  theme: Theme | null;
  tv: boolean;
  view: View;
}

export function readAddress(query: URLSearchParams): Address {
  return {
    instanceId: query.get("instance") || DEMO_INSTANCE,
    title: query.get("title"),
    lang: query.get("lang"),
    theme: THEMES.find((theme) => theme === query.get("theme")) ?? null,
    tv: query.get("tv") === "1",
    view: viewFromQuery(query),
  };
}

/** The address that shows the same again: what the reader chose over what it said before. */
export function writeAddress(
  query: URLSearchParams,
  change: { view?: View; tv?: boolean; lang?: string; theme?: Theme },
): URLSearchParams {
  const result = change.view === undefined ? new URLSearchParams(query) : viewToQuery(change.view, query);
  if (change.tv === true) result.set("tv", "1");
  if (change.tv === false) result.delete("tv");
  // A choice made on the page outweighs the address it was opened with.
  if (change.lang !== undefined && result.has("lang")) result.set("lang", change.lang);
  if (change.theme !== undefined && result.has("theme")) result.set("theme", change.theme);
  return result;
}
