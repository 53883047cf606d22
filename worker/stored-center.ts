import { CenterCore } from "../core/center/center-core.ts";
import { forgetAgentSentiment, withoutAgentSentiment } from "../core/state/agent-sentiment.ts";
import { DEFAULT_EXPIRY } from "../core/state/expiry.ts";
import type { StateEvents } from "../core/state/ports.ts";
import type { AppliedBatch } from "../core/state/touched-by-batch.ts";
import type { Update } from "../protocol/updates.ts";
import type { Settings } from "./settings.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import { StorageGuard } from "./storage-guard.ts";

/** One contact center in memory and in its storage, which change together or not at all. */
export class StoredCenter {
  readonly guard: StorageGuard;
  readonly #store: SqliteStore;
  readonly #settings: Settings;
  readonly #events: StateEvents;
  #core: CenterCore;

  /** @param restored runs after the memory was read from storage anew, because it was ahead. */
  constructor(
    storage: DurableObjectStorage,
    store: SqliteStore,
    instance: string,
    settings: Settings,
    events: StateEvents,
    restored: (now: number) => void,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.#events = events;
    this.guard = new StorageGuard(storage, store, instance, (now) => {
      this.#core = this.#read();
      restored(now);
    });
    this.#core = this.#read();
  }

  /** The center as it is in memory now. Do not keep it: it is replaced when the memory is read anew. */
  get core(): CenterCore {
    return this.#core;
  }

  /**
   * Stores a post and what it changes. null = the post was stored before, and nothing is applied.
   * @throws Error when the storage does not take it. Then nothing of it is applied.
   */
  applyPost(webhookId: string, updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedBatch | null {
    return this.guard.transaction(now, (changesMemory) => {
      // Full storage fails here, before the memory is touched.
      if (!this.#store.rememberPost(webhookId, now)) return null;
      changesMemory();
      const kept = this.#settings.showAgentSentiment ? updates : updates.map(withoutAgentSentiment);
      return this.#core.applyBatch(kept, watched, now);
    });
  }

  /** Lets everything expire that is over. @throws Error when the storage does not take it. Then nothing has expired. */
  expire(now: number): void {
    this.guard.transaction(now, (changesMemory) => {
      changesMemory();
      this.#core.expire(now);
    });
  }

  #read(): CenterCore {
    const stored = this.#store.load(crypto.randomUUID());
    const kept = this.#settings.showAgentSentiment ? stored : forgetAgentSentiment(stored, this.#store);
    const { forgetTurnsAfterMs: turnsExpireAfterMs, forgetAgentsAfterMs: agentForgottenAfterMs } = this.#settings;
    const times = { ...DEFAULT_EXPIRY, turnsExpireAfterMs, agentForgottenAfterMs };
    return new CenterCore(kept, this.#store, this.#events, times);
  }
}
