import type { TabStorage } from "./tab-storage.ts";

/** A key of `sessionStorage`, so that the token stays in this tab. */
const KEY = "vigia.identity";

/** Keeps the identity token of this tab: a JWT of the contact center's own sign-in. */
export class TabIdentity {
  readonly #storage: TabStorage;

  constructor(storage: TabStorage) {
    this.#storage = storage;
  }

  get token(): string | null {
    return this.#storage.getItem(KEY);
  }

  keepToken(token: string): void {
    this.#storage.setItem(KEY, token.trim());
  }

  forgetToken(): void {
    this.#storage.removeItem(KEY);
  }
}

/**
 * Returns the token that a sign-in page puts after the `#` of the address (`#id_token=…`, OpenID Connect Core 3.2.2.5).
 * Servers never see that part. The caller removes it from the address at once.
 */
export function tokenInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("id_token");
}
