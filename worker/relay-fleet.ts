import type { Board } from "../core/board/board.ts";
import type { Feed } from "../core/replication/replica.ts";
import type { Turn } from "../protocol/messages.ts";
import { relayName, relayStub } from "./relay-names.ts";
import type { SqliteStore } from "./sqlite-store.ts";

export interface Spoken {
  contactId: string;
  turns: Turn[];
  complete: boolean;
  groups: string[];
}

interface KnownRelay {
  viewers: number;
  watching: ReadonlySet<string>;
  /** All rows up to here have been handed over. */
  pushed: number;
  /** What storage knows it watches; null = storage does not know the relay. */
  stored: string | null;
}

/** Outgoing connections of one object are limited to six at a time (Cloudflare docs, Workers limits). */
const PARALLEL = 6;
/** A relay that does not answer is left to find the gap by itself. */
const CALL_TIMEOUT_MS = 5_000;
/** Relays per region; beyond that the hub is full. */
const MAX_RELAYS = 500;

/** The primary's side of its relays: who there is, who has room, who is told what. */
export class RelayFleet {
  readonly #env: Env;
  readonly #store: SqliteStore;
  readonly #board: Board;
  readonly #relays = new Map<string, KnownRelay>();
  #pushing = false;
  #again = false;
  failures = 0;

  constructor(env: Env, store: SqliteStore, board: Board) {
    this.#env = env;
    this.#store = store;
    this.#board = board;
    for (const { name, watching } of store.relays()) {
      this.#relays.set(name, { viewers: 0, watching: new Set(watching), pushed: board.seq, stored: watching.join("\n") });
    }
  }

  get size(): number {
    return this.#relays.size;
  }

  get viewers(): number {
    let viewers = 0;
    for (const relay of this.#relays.values()) viewers += relay.viewers;
    return viewers;
  }

  watched(): Set<string> {
    return new Set([...this.#relays.values()].flatMap((relay) => [...relay.watching]));
  }

  /** The first relay of a region with room for one more viewer; null when even the last is full. */
  choose(instanceId: string, region: string, room: number): string | null {
    for (let number = 1; number <= MAX_RELAYS; number += 1) {
      const name = relayName(instanceId, region, number);
      const viewers = this.#relays.get(name)?.viewers ?? 0;
      if (viewers >= room) continue;
      this.#set(name, { viewers: viewers + 1 });
      return name;
    }
    return null;
  }

  /** A relay reports what it has, and learns what it missed since `position`. */
  sync(name: string, viewers: number, watching: readonly string[], position: { epoch: string; seq: number } | null): Feed {
    const stored = watching.join("\n");
    if (this.#relays.get(name)?.stored !== stored) this.#store.saveRelay(name, watching);
    this.#set(name, { viewers, watching: new Set(watching), pushed: this.#board.seq, stored });
    const { epoch, seq, floor } = this.#board;
    const provable = position !== null && position.epoch === epoch && position.seq <= seq && position.seq >= floor;
    return this.#feed(provable ? position.seq : 0);
  }

  detach(name: string): void {
    this.#relays.delete(name);
    this.#store.forgetRelay(name);
  }

  /** Hands over what has changed. One round at a time: what changes meanwhile goes with the next. */
  async push(): Promise<void> {
    if (this.#pushing) {
      this.#again = true;
      return;
    }
    this.#pushing = true;
    try {
      do {
        this.#again = false;
        const feeds = new Map<number, Feed>();
        await this.#each([...this.#relays], async ([name, relay]) => {
          if (relay.pushed >= this.#board.seq) return;
          const feed = feeds.get(relay.pushed) ?? this.#feed(relay.pushed);
          feeds.set(relay.pushed, feed);
          const taken = await relayStub(this.#env, name).push(feed);
          // Nobody came there, or nobody is left. Whoever has reported meanwhile stays.
          if (!taken && this.#relays.get(name) === relay) this.detach(name);
          relay.pushed = Math.max(relay.pushed, feed.to);
        });
      } while (this.#again);
    } finally {
      this.#pushing = false;
    }
  }

  async spoken(spoken: Spoken): Promise<void> {
    const listeners = [...this.#relays].filter(([, relay]) => relay.watching.has(spoken.contactId));
    await this.#each(listeners, async ([name]) => relayStub(this.#env, name).spoken(spoken));
  }

  async revoke(subject: string): Promise<number> {
    let closed = 0;
    await this.#each([...this.#relays], async ([name]) => {
      closed += await relayStub(this.#env, name).revoke(subject);
    });
    return closed;
  }

  #feed(from: number): Feed {
    const { epoch, seq: to, floor } = this.#board;
    const rows = [...this.#board.rows()].filter((row) => row.seq > from);
    return { epoch, from, to, floor, rows };
  }

  #set(name: string, change: Partial<KnownRelay>): void {
    const fresh = { viewers: 0, watching: new Set<string>(), pushed: this.#board.seq, stored: null };
    this.#relays.set(name, { ...fresh, ...this.#relays.get(name), ...change });
  }

  /** Runs the calls a few at a time. One that fails or hangs stops none of the others: its relay will see the gap. */
  async #each<Item>(items: readonly Item[], call: (item: Item) => Promise<void>): Promise<void> {
    for (let start = 0; start < items.length; start += PARALLEL) {
      const settled = await Promise.allSettled(items.slice(start, start + PARALLEL).map((item) => inTime(call(item))));
      this.failures += settled.filter((result) => result.status === "rejected").length;
    }
  }
}

async function inTime(call: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The relay did not answer in time.")), CALL_TIMEOUT_MS);
  });
  try {
    await Promise.race([call, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
