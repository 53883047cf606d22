import { ServedVersion, scriptOf } from "./served-version.ts";
import { tabStorage } from "./tab-storage.ts";

/** Milliseconds to wait for the page. */
const TIMEOUT_MS = 15_000;

/** Keeps the wallboard of this page up to date, for as long as the page is open. */
export function openServedVersion(): ServedVersion {
  const version = new ServedVersion({
    own: document.querySelector('script[type="module"][src]')?.getAttribute("src") ?? null,
    served,
    isUnattended: () => new URLSearchParams(location.search).get("tv") === "1",
    reload: () => location.reload(),
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    now: Date.now,
    random: Math.random,
    memory: tabStorage(),
  });
  version.start();
  // A part of the page is missing, most likely because the server has a newer version. Vite tells of it by this event.
  addEventListener("vite:preloadError", () => version.reloadAfterFailure());
  return version;
}

async function served(): Promise<string | null> {
  try {
    const init = { headers: { accept: "text/html" }, cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
    const answer = await fetch(location.pathname, init);
    return answer.ok ? scriptOf(await answer.text()) : null;
  } catch {
    return null;
  }
}
