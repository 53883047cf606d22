import type { Position } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import type { Feed } from "../../core/replication/feed.ts";
import { RelayRegistry } from "../../core/replication/relay-registry.ts";
import { ContactCenterState } from "../../core/state/contact-center-state.ts";
import type { ExpiryTimes } from "../../core/state/expiry.ts";
import type { Update } from "../../protocol/updates.ts";
import { MemoryStore } from "../core/memory-store.ts";
import type { Watcher } from "./line.ts";

/** Short enough that agents become stale, and contacts and tombstones expire, within one run. */
const TIMES: ExpiryTimes = {
  staleAfterMs: 30_000,
  contactExpiresAfterMs: 90_000,
  turnsExpireAfterMs: 20_000,
  tombstoneExpiresAfterMs: 40_000,
};

/** So few that hardly a flush reaches all its viewers at once. */
export const FAN_OUT_BATCH = 2;

/** Longer than any run: the simulation is not about sessions. */
const SESSION_MS = 10 ** 12;

export function subscribe(broadcaster: Broadcaster, watcher: Watcher, now: number): void {
  const { id, legacy, groupFilter, line } = watcher;
  if (line === null) throw new Error(`${id} has no connection.`);
  broadcaster.addSubscriber({ id, subject: id, legacy, groupFilter, expiresAt: now + SESSION_MS, watching: new Set() }, line);
}

/** The object that keeps the state: its memory goes whenever it hibernates or crashes, its store stays. */
export class Primary {
  store = new MemoryStore();
  readonly watchers = new Set<Watcher>();
  state: ContactCenterState;
  broadcaster: Broadcaster;
  registry: RelayRegistry;
  #epochs = 0;

  constructor() {
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, FAN_OUT_BATCH);
    this.registry = new RelayRegistry(this.state.board, this.store);
  }

  /** Takes a post whole or not at all. `crashAfter` = the write at which the disk fails. */
  ingest(id: string, updates: readonly Update[], now: number, crashAfter: number | null): void {
    this.store.failAfter = crashAfter;
    try {
      this.store.transaction(() => {
        if (this.store.rememberPost(id)) this.state.applyBatch(updates, new Set(), now);
      });
    } finally {
      this.store.failAfter = null;
    }
  }

  expire(now: number): void {
    this.store.transaction(() => this.state.expire(now));
    this.broadcaster.expireSessions(now);
  }

  connect(watcher: Watcher, now: number): void {
    this.watchers.add(watcher);
    subscribe(this.broadcaster, watcher, now);
    this.broadcaster.sendFirstFrame(watcher.id, watcher.client.position, now);
  }

  leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    this.broadcaster.removeSubscriber(watcher.id);
  }

  /** Sleeps and wakes: the sockets are still there. It does not sleep while a timer runs. */
  hibernate(now: number): void {
    while (this.broadcaster.hasPendingChanges || this.broadcaster.isFanningOut) {
      if (this.broadcaster.isFanningOut) this.broadcaster.continueFanOut(now);
      else this.broadcaster.flush(now);
    }
    if (this.broadcaster.hasSlowConsumers) return;
    this.#wake();
    for (const watcher of this.watchers) {
      if (watcher.line === null) continue;
      watcher.line.board = this.state.board;
      subscribe(this.broadcaster, watcher, now);
    }
  }

  /** Everything but the store is gone, the sockets too. */
  crash(): void {
    for (const watcher of this.watchers) watcher.line?.cut();
    this.watchers.clear();
    this.#wake();
  }

  /** Even the store is gone. */
  loseEverything(): void {
    this.store = new MemoryStore();
    this.crash();
  }

  /** A relay reports and asks what it missed. What travels between two objects is a copy. */
  report(relay: { name: string; watchers: ReadonlySet<Watcher> }, position: Position | null): Feed {
    return structuredClone(this.registry.report(relay.name, relay.watchers.size, [], position));
  }

  #wake(): void {
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, FAN_OUT_BATCH);
    this.registry = new RelayRegistry(this.state.board, this.store);
  }

  #makeState(): ContactCenterState {
    this.#epochs += 1;
    const state = this.store.load(`epoch-${this.#epochs}`);
    const events = {
      rowChanged: (...change: Parameters<Broadcaster["noteChange"]>) => this.broadcaster.noteChange(...change),
      turnsAdded: () => {},
    };
    return new ContactCenterState(state, this.store, events, TIMES);
  }
}
