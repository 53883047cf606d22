import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import type { Feed } from "../../core/replication/replica.ts";
import { ContactCenterState } from "../../core/state/contact-center-state.ts";
import type { ExpiryTimes } from "../../core/state/expiry.ts";
import type { Update } from "../../protocol/updates.ts";
import { MemoryStore } from "../core/memory-store.ts";
import type { Position } from "./clients.ts";
import type { Watcher } from "./line.ts";

/** Short enough that stale marks, sweeps and forgotten tombstones all come to pass within one run. */
const LIMITS: ExpiryTimes = {
  staleAfterMs: 30_000,
  sweepContactAfterMs: 90_000,
  forgetTurnsAfterMs: 20_000,
  forgetAgentAfterMs: 40_000,
};

/** So few that hardly a flush reaches all its viewers at once. */
export const SLICE = 2;

/** Longer than any run: sessions are not what is simulated. */
const SESSION_MS = 10 ** 12;

export function subscribe(broadcaster: Broadcaster, watcher: Watcher, now: number): void {
  const { id, plain, groupFilter, line } = watcher;
  if (line === null) throw new Error(`${id} has no connection.`);
  broadcaster.addSubscriber({ id, subject: id, plain, groupFilter, expiresAt: now + SESSION_MS, watching: new Set() }, line);
}

/** The object that keeps the state: its memory goes whenever it sleeps or crashes, its store stays. */
export class Primary {
  store = new MemoryStore();
  readonly watchers = new Set<Watcher>();
  /** Relay -> all rows up to here have been handed over. */
  readonly fleet = new Map<string, number>();
  state: ContactCenterState;
  broadcaster: Broadcaster;
  #epochs = 0;

  constructor() {
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, SLICE);
  }

  /** Takes a post whole or not at all. `crashAfter` = the write at which the disk fails. */
  ingest(id: string, updates: readonly Update[], now: number, crashAfter: number | null): void {
    this.store.failAfter = crashAfter;
    try {
      this.store.transaction(() => {
        if (this.store.rememberPost(id)) this.state.apply(updates, new Set(), now);
      });
    } finally {
      this.store.failAfter = null;
    }
  }

  tick(now: number): void {
    this.store.transaction(() => this.state.tick(now));
    this.broadcaster.expire(now);
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
    while (this.broadcaster.dirty || this.broadcaster.delivering) {
      if (this.broadcaster.delivering) this.broadcaster.deliver(now);
      else this.broadcaster.flush(now);
    }
    if (this.broadcaster.lagging) return;
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

  /** What a relay is told: all rows since `from` as they are now. */
  feed(from: number): Feed {
    const { epoch, seq: to, floor } = this.state.board;
    return structuredClone({ epoch, from, to, floor, rows: [...this.state.board.rows()].filter((row) => row.seq > from) });
  }

  /** A relay asks what it missed. */
  sync(relay: string, position: Position | null): Feed {
    const { epoch, seq, floor } = this.state.board;
    this.fleet.set(relay, seq);
    const provable = position !== null && position.epoch === epoch && position.seq <= seq && position.seq >= floor;
    return this.feed(provable ? position.seq : 0);
  }

  #wake(): void {
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, SLICE);
    for (const relay of this.fleet.keys()) this.fleet.set(relay, this.state.board.seq);
  }

  #makeState(): ContactCenterState {
    this.#epochs += 1;
    const state = this.store.load(`epoch-${this.#epochs}`);
    const events = {
      changed: (...change: Parameters<Broadcaster["changed"]>) => this.broadcaster.changed(...change),
      spoken: () => {},
    };
    return new ContactCenterState(state, this.store, events, LIMITS);
  }
}
