/** Where the identity token stays: this tab only. */
const KEY = "vigia.identity";

export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The identity token (a JWT of the contact center's own sign-in), kept for this tab. */
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
 * The token a sign-in page hands over in the address (`#id_token=…`, OpenID Connect Core 3.2.2.5), which no server sees.
 * The caller takes it out of the address at once.
 */
export function tokenInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("id_token");
}
