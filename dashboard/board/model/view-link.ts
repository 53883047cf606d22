import type { TeamPath } from "./team-path.ts";
import type { View } from "./view.ts";
import { viewToQuery } from "./view-query.ts";

/** What belongs to the reader and not to the view: another one has a language, colours and an open panel of their own. */
const OWN_KEYS = ["lang", "theme", "agent", "contact"] as const;

/**
 * Returns an address that shows this view to somebody else. The reader's teams are in it, because they are kept per person. The
 * hash is left out: it may be a token.
 */
export function viewLink(address: string, view: View, teams: readonly TeamPath[]): string {
  const url = new URL(address);
  const query = viewToQuery({ ...view, teams }, url.searchParams);
  for (const key of OWN_KEYS) query.delete(key);
  // A date is that of the panel, unless the page shows the day of the whole list.
  if (!query.has("page")) query.delete("date");
  url.search = query.toString();
  url.hash = "";
  return url.href;
}
