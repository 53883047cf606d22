import { browserStorage } from "../parts/browser-storage.ts";
import { type DisplayAccess, keepDisplayLink, keptDisplayLink, readDisplayLink } from "./display-link.ts";

/**
 * Returns the display link by which this page shows a wallboard; null = a person uses it. A link in the address is kept in this
 * browser, and leaves the address at once, so that nobody reads it off the screen.
 */
export function openDisplay(): DisplayAccess | null {
  // A link that is opened in a tab of the board changes only the part after the #, and loads nothing.
  addEventListener("hashchange", () => {
    if (readDisplayLink(location.hash, location.search) !== null) location.reload();
  });
  const storage = browserStorage();
  const opened = readDisplayLink(location.hash, location.search);
  if (opened === null) return keptDisplayLink(location.search, storage);
  keepDisplayLink(opened.link, storage);
  history.replaceState(null, "", `?${opened.query}`);
  return opened.link;
}
