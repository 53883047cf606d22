import { browserStorage } from "../parts/browser-storage.ts";
import { fetchHubConfig } from "./hub-config.ts";
import { SignIn } from "./sign-in.ts";
import { SignInMemory, signInAnswer, withoutAnswer } from "./sign-in-memory.ts";
import { tabStorage } from "./tab-storage.ts";

/** A key of `localStorage`, so that all tabs of this browser learn of a sign-out. */
const SIGNED_OUT = "vigia.signedout";
/** As long as the client waits for its ticket, and shorter, so that the page says why (ms). */
const CONFIG_TIMEOUT_MS = 8_000;
const REACH_TIMEOUT_MS = 5_000;

/**
 * Begins the sign-in of this page. An answer of the issuer leaves the address at once, before anything else reads it, and the
 * address is again the one that the reader opened.
 * @param instanceIdOf reads the instance from the query of the address
 */
export function openSignIn(instanceIdOf: (query: URLSearchParams) => string): SignIn {
  const memory = new SignInMemory(tabStorage());
  const url = new URL(location.href);
  const answer = signInAnswer(url);
  const pending = answer === null ? null : memory.claimPending();
  if (answer !== null) showAddress(pending?.returnTo ?? withoutAnswer(url));
  // A sign-out ends at the registered address, and the reader may sign in again.
  else if (location.pathname === "/" && location.search === "") showAddress(memory.claimReturn() ?? "/");
  const storage = browserStorage();
  const instanceId = instanceIdOf(new URLSearchParams(location.search));
  const signIn = new SignIn(
    {
      config: () => fetchHubConfig(instanceId, AbortSignal.timeout(CONFIG_TIMEOUT_MS)),
      flow: () => import("./sign-in-flow.ts"),
      reaches,
      now: Date.now,
      path: () => location.pathname + location.search,
      redirectUri: `${location.origin}/`,
      leave: (address, how) => (how === "assign" ? location.assign(address) : location.replace(address)),
      signedOut: {
        get: () => storage?.getItem(SIGNED_OUT) === "1",
        set: (value) => storage?.setItem(SIGNED_OUT, value ? "1" : ""),
      },
    },
    memory,
    answer === null ? null : { url: answer, pending },
  );
  addEventListener("storage", ({ key, newValue }) => {
    if (key === SIGNED_OUT && newValue === "1") signIn.signedOutElsewhere();
  });
  // A page that comes back from the browser's cache still waits for the page that it left for.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && signIn.stage.kind === "busy") location.reload();
  });
  return signIn;
}

function showAddress(path: string): void {
  history.replaceState(null, "", path + (path === "/" ? location.hash : ""));
}

async function reaches(issuer: string): Promise<boolean> {
  try {
    // Any answer will do, so the issuer need not allow this page to read it.
    const init = { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(REACH_TIMEOUT_MS) } as const;
    await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, init);
    return true;
  } catch {
    return false;
  }
}
