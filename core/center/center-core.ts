import type { Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import { ContactCenterState } from "../state/contact-center-state.ts";
import type { ExpiryTimes } from "../state/expiry.ts";
import type { StateEvents, StateStore, StoredState } from "../state/ports.ts";
import type { AppliedBatch } from "../state/touched-by-batch.ts";

/**
 * All that one contact center knows: agents and contacts, and what follows from them, on one board. Each method belongs into one
 * transaction of the storage. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterCore {
  readonly state: ContactCenterState;

  constructor(stored: StoredState, store: StateStore, events: StateEvents, times: ExpiryTimes) {
    this.state = new ContactCenterState(stored, store, events, times);
  }

  get board(): Board {
    return this.state.board;
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedBatch {
    return this.state.applyBatch(updates, watched, now);
  }

  /** Lets everything that is over expire. It visits every agent. */
  expire(now: number): void {
    this.state.expire(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. It visits every agent. */
  nextWake(): number | null {
    return this.state.nextWake();
  }
}
