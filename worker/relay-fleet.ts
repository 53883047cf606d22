import type { Board, Position } from "../core/board/board.ts";
import type { Feed } from "../core/replication/feed.ts";
import { RelayRegistry, type RelayStore } from "../core/replication/relay-registry.ts";
import { relayName, relayStub } from "./relay-names.ts";
import type { TurnsOfContact } from "./rpc-arguments.ts";

/** Cloudflare opens at most six connections of one object at a time (Workers limits). */
const PARALLEL_CALLS = 6;
/** A relay that does not answer within this time finds the gap by itself. */
const CALL_TIMEOUT_MS = 5_000;
/** Relays per region. Beyond that the hub is full. */
const MAX_RELAYS = 500;

/** The primary's calls to its relays. {@link RelayRegistry} decides what they carry. */
export class RelayFleet {
  readonly registry: RelayRegistry;
  readonly #env: Env;
  #sending = false;
  #changedMeanwhile = false;
  /** Calls that failed or took too long. */
  failures = 0;

  constructor(env: Env, store: RelayStore, board: Board) {
    this.#env = env;
    this.registry = new RelayRegistry(board, store);
  }

  /** Figures for the metrics. */
  get figures(): { relayedViewers: number; relays: number } {
    return { relayedViewers: this.registry.viewers, relays: this.registry.size };
  }

  /** Returns the first relay of a region with room for one more viewer. null = even the last is full. */
  assignViewer(instanceId: string, region: string, room: number): string | null {
    return this.registry.assignViewer(relayNames(instanceId, region), room);
  }

  report(name: string, viewers: number, watching: readonly string[], position: Position | null): Feed {
    return this.registry.report(name, viewers, watching, position);
  }

  /** Sends each relay the rows that it still needs. One round at a time: what changes meanwhile goes with the next. */
  async sendFeeds(): Promise<void> {
    if (this.registry.size === 0) return;
    if (this.#sending) {
      this.#changedMeanwhile = true;
      return;
    }
    this.#sending = true;
    try {
      do {
        this.#changedMeanwhile = false;
        await this.#callEach(this.registry.names(), async (name) => {
          const outgoing = this.registry.nextFeed(name);
          if (outgoing === null) return;
          this.registry.confirmFeed(outgoing, await relayStub(this.#env, name).applyFeed(outgoing.feed));
        });
      } while (this.#changedMeanwhile);
    } finally {
      this.#sending = false;
    }
  }

  async sendTurns(turns: TurnsOfContact): Promise<void> {
    await this.#callEach(this.registry.relaysWatching(turns.contactId), async (name) => {
      await relayStub(this.#env, name).sendTurns(turns);
    });
  }

  /** Asks the relays that have not reported since the primary restarted. */
  async countUnknownViewers(): Promise<void> {
    await this.#callEach(this.registry.uncounted(), async (name) => {
      this.registry.countViewers(name, Number(await relayStub(this.#env, name).viewerCount()));
    });
  }

  async revoke(subject: string): Promise<number> {
    let closed = 0;
    await this.#callEach(this.registry.names(), async (name) => {
      // `closed += await …` would read the sum before the wait, and the relays answer at the same time.
      const closedThere = await relayStub(this.#env, name).revoke(subject);
      closed += closedThere;
    });
    return closed;
  }

  /** Runs the calls a few at a time. A call that fails or hangs stops none of the others: its relay will see the gap. */
  async #callEach(names: readonly string[], call: (name: string) => Promise<void>): Promise<void> {
    for (let start = 0; start < names.length; start += PARALLEL_CALLS) {
      const settled = await Promise.allSettled(names.slice(start, start + PARALLEL_CALLS).map((name) => inTime(call(name))));
      this.failures += settled.filter((result) => result.status === "rejected").length;
    }
  }
}

function* relayNames(instanceId: string, region: string): Generator<string> {
  for (let number = 1; number <= MAX_RELAYS; number += 1) yield relayName(instanceId, region, number);
}

async function inTime(call: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The relay did not answer within ${CALL_TIMEOUT_MS} ms.`)), CALL_TIMEOUT_MS);
  });
  try {
    await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
