import type { StartedSignIn } from "./sign-in-flow.ts";
import type { TabStorage } from "./tab-storage.ts";

/** A sign-in on its way, with where the page goes on afterwards. */
export interface PendingSignIn extends StartedSignIn {
  /** Path and query of the page, without the host. */
  returnTo: string;
  /** True = the issuer was asked to show nothing (`prompt=none`). */
  silent: boolean;
}

/** Keys of `sessionStorage`: each tab has its own sign-in. None of them holds a token. */
const PENDING = "vigia.signin";
const SIGNED_IN_BEFORE = "vigia.signedin";
const AFTER_SIGN_OUT = "vigia.returnto";

/** What this tab remembers of signing in across the way to the issuer and back. Without a storage it remembers nothing. */
export class SignInMemory {
  readonly #storage: TabStorage;

  constructor(storage: TabStorage) {
    this.#storage = storage;
  }

  keepPending(pending: PendingSignIn): void {
    this.#storage.setItem(PENDING, JSON.stringify(pending));
  }

  /** Returns the sign-in that was on its way, and forgets it: an answer counts once. */
  claimPending(): PendingSignIn | null {
    const text = this.#storage.getItem(PENDING);
    this.#storage.removeItem(PENDING);
    return text === null ? null : readPending(text);
  }

  /** Whether somebody was signed in here before. Then the page says "again". */
  get signedInBefore(): boolean {
    return this.#storage.getItem(SIGNED_IN_BEFORE) !== null;
  }

  noteSignedIn(): void {
    this.#storage.setItem(SIGNED_IN_BEFORE, "1");
  }

  keepReturn(returnTo: string): void {
    this.#storage.setItem(AFTER_SIGN_OUT, returnTo);
  }

  claimReturn(): string | null {
    const returnTo = this.#storage.getItem(AFTER_SIGN_OUT);
    this.#storage.removeItem(AFTER_SIGN_OUT);
    return returnTo !== null && isOwnPath(returnTo) ? returnTo : null;
  }
}

function readPending(text: string): PendingSignIn | null {
  try {
    const read: unknown = JSON.parse(text);
    const { state, nonce, verifier, returnTo, silent }: Record<string, unknown> = { ...(typeof read === "object" ? read : null) };
    if (typeof state !== "string" || typeof nonce !== "string" || typeof verifier !== "string") return null;
    if (typeof returnTo !== "string" || !isOwnPath(returnTo)) return null;
    return { state, nonce, verifier, returnTo, silent: silent === true };
  } catch {
    return null;
  }
}

/** `//host` would lead to another host. */
function isOwnPath(path: string): boolean {
  return path.startsWith("/") && !/^\/[/\\]/.test(path);
}

/** Returns the issuer's answer in the query of the address (OpenID Connect Core §3.1.2.5), or null if it has none. */
export function signInAnswer(url: URL): URL | null {
  const { searchParams: query } = url;
  return query.has("state") && (query.has("code") || query.has("error")) ? url : null;
}

/** Returns path and query without the issuer's answer. */
export function withoutAnswer(url: URL): string {
  const query = new URLSearchParams(url.search);
  for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) query.delete(name);
  const rest = query.toString();
  return rest === "" ? url.pathname : `${url.pathname}?${rest}`;
}
