import type { Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import { CenterQueues } from "../queues/center-queues.ts";
import { AGENTS } from "../state/agent-row.ts";
import { ContactCenterState } from "../state/contact-center-state.ts";
import type { AppliedBatch } from "../state/touched-by-batch.ts";
import type { CenterEvents, CenterSettings, CenterStores, SavedCenter } from "./ports.ts";

/** What became of a batch for the whole center. */
export interface AppliedPost extends AppliedBatch {
  /** Contacts that the sender of a `queue.snapshot` should ask Amazon Connect about; null = the batch has no snapshot. */
  suspects: string[] | null;
}

/**
 * All that one contact center knows: agents and contacts, and what follows from them, on one board. Each method belongs into one
 * transaction of the storage. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterCore {
  readonly state: ContactCenterState;
  readonly queues: CenterQueues;
  /** Agents whose rows changed since the queues looked. At first these are all. */
  readonly #changedAgents: Set<string>;

  constructor(saved: SavedCenter, stores: CenterStores, events: CenterEvents, settings: CenterSettings) {
    const noted: CenterEvents = {
      ...events,
      rowChanged: (change) => {
        if (change.collection.definition.name === AGENTS.name) this.#changedAgents.add(change.row.key);
        events.rowChanged(change);
      },
    };
    this.state = new ContactCenterState(saved.state, stores.state, noted, settings.times);
    this.queues = new CenterQueues(saved.queues, this.state.board, stores.queues, events, settings);
    this.#changedAgents = new Set(this.state.agentIds());
  }

  get board(): Board {
    return this.state.board;
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedPost {
    const applied = this.state.applyBatch(updates, watched, now);
    // First, because a contact that rings at an agent is doubted by no snapshot.
    this.#noteAgents(applied.agents, now);
    const { accepted, suspects } = this.queues.applyUpdates(updates, now);
    this.queues.settle(now);
    return {
      ...applied,
      accepted: applied.accepted + accepted,
      stale: applied.stale - accepted,
      wakeAt: earliest(applied.wakeAt, this.queues.nextWake()),
      suspects,
    };
  }

  /** Lets everything that is over expire. It visits every agent. */
  expire(now: number): void {
    this.state.expire(now);
    this.#noteAgents([], now);
    this.queues.expire(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. It visits every agent. */
  nextWake(): number | null {
    return earliest(this.state.nextWake(), this.queues.nextWake());
  }

  /** Tells the queues what became of agents. */
  #noteAgents(agentIds: Iterable<string>, now: number): void {
    for (const agentId of new Set([...this.#changedAgents, ...agentIds])) {
      this.queues.noteAgent({ agentId, ...this.state.presenceOf(agentId) }, now);
    }
    this.#changedAgents.clear();
  }
}

function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
