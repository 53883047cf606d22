/** Milliseconds between two looks at the served page. A wallboard that shows an older version for ten minutes harms nobody. */
const LOOK_MS = 10 * 60_000;
/** Reloads of many screens are spread over this time, so that they do not all come back to the hub at once. */
const SPREAD_MS = 60_000;
/** After a reload for a version that did not come, the page waits: caches that serve two versions must not make it reload for ever. */
const SAME_AGAIN_MS = 60 * 60_000;
/** Milliseconds between two tries to reach the server for a reload. A reload without a server would leave a browser's error page. */
const RETRY_MS = 30_000;
const LAST_RELOAD = "vigia.reloaded";

export interface VersionPort {
  /** The address of the page's own script, whose name has the hash of its content; null = unknown. */
  own: string | null;
  /** Returns the address of the script in the page that the server has now. Null = it did not answer with the page. */
  served(): Promise<string | null>;
  /** Whether nobody is there who would reload the page. */
  isUnattended(): boolean;
  reload(): void;
  setTimeout(callback: () => void, ms: number): void;
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Keeps what a reload was for: it outlives the reload. */
  memory: Pick<Storage, "getItem" | "setItem">;
}

/** Keeps a page that nobody attends up to date: reloads it when the server has another version, or when the page has failed. */
export class ServedVersion {
  readonly #port: VersionPort;
  #isReloading = false;

  constructor(port: VersionPort) {
    this.#port = port;
  }

  /** Looks at the served page from time to time, for as long as the page is open. */
  start(): void {
    this.#port.setTimeout(() => void this.#look().finally(() => this.start()), LOOK_MS);
  }

  /** Reloads a page that cannot go on, as soon as the server answers. A page with a reader stays: the reader decides. */
  reloadAfterFailure(): void {
    if (this.#isReloading || !this.#port.isUnattended()) return;
    this.#isReloading = true;
    this.#port.setTimeout(() => void this.#reloadWhenServed(), RETRY_MS);
  }

  async #look(): Promise<void> {
    const { own, random, isUnattended } = this.#port;
    if (own === null || this.#isReloading || !isUnattended()) return;
    const served = await this.#port.served();
    if (served === null || served === own || this.#wasReloadedFor(served)) return;
    this.#isReloading = true;
    this.#port.memory.setItem(LAST_RELOAD, `${this.#port.now()} ${served}`);
    this.#port.setTimeout(() => void this.#reloadWhenServed(), Math.floor(random() * SPREAD_MS));
  }

  async #reloadWhenServed(): Promise<void> {
    if ((await this.#port.served()) !== null) this.#port.reload();
    else this.#port.setTimeout(() => void this.#reloadWhenServed(), RETRY_MS);
  }

  #wasReloadedFor(served: string): boolean {
    const [at = "", version] = this.#port.memory.getItem(LAST_RELOAD)?.split(" ") ?? [];
    return version === served && this.#port.now() - Number(at) < SAME_AGAIN_MS;
  }
}

/** Returns the address of the page's script in its HTML; null = there is none, so this is not the page. */
export function scriptOf(html: string): string | null {
  const tag = /<script\b[^>]*\btype="module"[^>]*>/.exec(html)?.[0];
  return (tag === undefined ? null : /\bsrc="([^"]+)"/.exec(tag)?.[1]) ?? null;
}
