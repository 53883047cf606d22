import type { PreferenceStorage } from "../parts/browser-storage.ts";

/** A key of `localStorage`, with the instance after it: a screen stays signed in for as long as its link lasts. */
const KEY = "vigia.display.";

/** What signs this browser in as a wallboard. */
export interface DisplayAccess {
  instanceId: string;
  secret: string;
}

/** What an address means for a wallboard. */
interface ReadLink {
  link: DisplayAccess;
  /** The query of the page without the link. */
  query: URLSearchParams;
}

/**
 * Reads a display link (`#display=…&instance=…`), which servers never see. null = the address has none. The rest of the query
 * stays, so that a link may say the language or the title.
 */
export function readDisplayLink(hash: string, search: string): ReadLink | null {
  const fragment = new URLSearchParams(hash.replace(/^#/, ""));
  const query = new URLSearchParams(search);
  const [secret, instanceId] = [fragment.get("display"), fragment.get("instance") ?? query.get("instance")];
  if (!secret || !instanceId) return null;
  query.set("instance", instanceId);
  query.set("tv", "1");
  return { link: { instanceId, secret }, query };
}

/** Returns the link that this browser keeps for the wallboard at this address; null = it shows none, or has no link. */
export function keptDisplayLink(search: string, storage: PreferenceStorage | null): DisplayAccess | null {
  const query = new URLSearchParams(search);
  const instanceId = query.get("instance");
  const secret = query.get("tv") === "1" && instanceId ? storage?.getItem(KEY + instanceId) : null;
  return instanceId && secret ? { instanceId, secret } : null;
}

/** Keeps a link in this browser, instead of an older one of the same contact center. */
export function keepDisplayLink({ instanceId, secret }: DisplayAccess, storage: PreferenceStorage | null): void {
  storage?.setItem(KEY + instanceId, secret);
}
