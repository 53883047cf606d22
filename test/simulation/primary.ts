import type { Position } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { CenterCore } from "../../core/center/center-core.ts";
import type { Feed } from "../../core/replication/feed.ts";
import { RelayRegistry } from "../../core/replication/relay-registry.ts";
import type { ExpiryTimes } from "../../core/state/expiry.ts";
import type { Update } from "../../protocol/updates.ts";
import { MemoryStore } from "../core/memory-store.ts";
import { nodeDeflation } from "../support/node-deflation.ts";
import type { SimulatedViewer } from "./simulated-connection.ts";

/** Short enough that agents become stale, contacts and tombstones expire, and agents are forgotten, within one run. */
const TIMES: ExpiryTimes = {
  staleAfterMs: 30_000,
  contactExpiresAfterMs: 90_000,
  writtenContactExpiresAfterMs: 90_000,
  transcriptionLostAfterMs: 6_000,
  turnsExpireAfterMs: 20_000,
  tombstoneExpiresAfterMs: 40_000,
  agentForgottenAfterMs: 150_000,
  strangerExpiresAfterMs: 120_000,
};

/** So small that hardly a flush reaches all viewers in one batch. */
export const FAN_OUT_BATCH = 2;

/** Longer than any run, because the simulation does not test the end of sessions. */
const SESSION_MS = 10 ** 12;

export function subscribe(broadcaster: Broadcaster, viewer: SimulatedViewer, now: number): void {
  const { id, legacy, compact, pace, groupFilter, connection } = viewer;
  if (connection === null) throw new Error(`${id} has no connection.`);
  broadcaster.addSubscriber(
    { id, subject: id, legacy, compact, pace, groupFilter, expiresAt: now + SESSION_MS, watching: new Set() },
    connection,
  );
}

/** Simulates the object that keeps the state. It loses its memory when it hibernates or crashes, and keeps its store. */
export class Primary {
  store = new MemoryStore();
  readonly viewers = new Set<SimulatedViewer>();
  core: CenterCore;
  broadcaster: Broadcaster;
  registry: RelayRegistry;
  #epochs = 0;

  constructor() {
    this.core = this.#makeCore();
    this.broadcaster = new Broadcaster(this.core.board, nodeDeflation, FAN_OUT_BATCH);
    this.registry = new RelayRegistry(this.core.board, this.store);
  }

  /** Stores a post whole or not at all. `crashAfter` is the number of writes until the disk fails. */
  ingest(id: string, updates: readonly Update[], now: number, crashAfter: number | null): void {
    this.store.failAfter = crashAfter;
    try {
      this.store.transaction(() => {
        if (!this.store.savePostId(id)) return;
        this.store.notePost(now);
        this.core.applyBatch(updates, new Set(), now);
      });
    } finally {
      this.store.failAfter = null;
    }
  }

  expire(now: number): void {
    this.store.transaction(() => this.core.expire(now));
    this.broadcaster.expireSessions(now);
  }

  connectViewer(viewer: SimulatedViewer, now: number): void {
    this.viewers.add(viewer);
    subscribe(this.broadcaster, viewer, now);
    this.broadcaster.sendFirstFrame(viewer.id, viewer.client.position, now);
  }

  removeViewer(viewer: SimulatedViewer): void {
    this.viewers.delete(viewer);
    this.broadcaster.removeSubscriber(viewer.id);
  }

  /** Hibernates and wakes. The sockets stay open. Finishes a running fan-out first. */
  hibernate(now: number): void {
    while (this.broadcaster.hasPendingChanges || this.broadcaster.isFanningOut) {
      if (this.broadcaster.isFanningOut) this.broadcaster.continueFanOut(now);
      else this.broadcaster.flush(now);
    }
    // The timer of a slower pace keeps the object awake, too.
    if (this.broadcaster.hasSlowConsumers || this.broadcaster.nextSlowFlush(now) !== null) return;
    this.#wake();
    for (const viewer of this.viewers) {
      if (viewer.connection === null) continue;
      viewer.connection.board = this.core.board;
      subscribe(this.broadcaster, viewer, now);
    }
  }

  /** Loses the memory and the sockets, and keeps the store. */
  crash(): void {
    for (const viewer of this.viewers) viewer.connection?.breakOff();
    this.viewers.clear();
    this.#wake();
  }

  /** Loses the store too. */
  loseEverything(): void {
    this.store = new MemoryStore();
    this.crash();
  }

  /** Registers a relay and returns what it missed. Copies the feed, as a call between two objects does. */
  report(relay: { name: string; viewers: ReadonlySet<SimulatedViewer> }, position: Position | null): Feed {
    return structuredClone(this.registry.report(relay.name, relay.viewers.size, [], position));
  }

  #wake(): void {
    this.core = this.#makeCore();
    this.broadcaster = new Broadcaster(this.core.board, nodeDeflation, FAN_OUT_BATCH);
    this.registry = new RelayRegistry(this.core.board, this.store);
  }

  #makeCore(): CenterCore {
    this.#epochs += 1;
    const saved = this.store.loadCenter(`epoch-${this.#epochs}`);
    const events = {
      rowChanged: (...change: Parameters<Broadcaster["noteChange"]>) => this.broadcaster.noteChange(...change),
      turnsAdded: () => {},
      alertsChanged: () => {},
    };
    return new CenterCore(saved, this.store.stores, events, {
      times: TIMES,
      timeZone: "UTC",
      formula: "removed",
      historyDays: 7,
    });
  }
}
