import { toAgent } from "../../core/board/board.ts";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import type { ViewerPort } from "../../core/broadcast/viewer.ts";
import { type Applied, ContactCenterState } from "../../core/state/contact-center-state.ts";
import { DEFAULT_LIMITS, type ExpiryTimes } from "../../core/state/expiry.ts";
import type { Agent } from "../../protocol/agent.ts";
import type { CloseReason } from "../../protocol/close-codes.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { Update } from "../../protocol/updates.ts";
import { NOON } from "../support/updates.ts";
import { MemoryStore } from "./memory-store.ts";

interface Spoken {
  contactId: string;
  turns: readonly Turn[];
  complete: boolean;
  groups: readonly string[];
}

/** A hub with its broadcaster on a store in memory, on a clock that the test sets. */
export class Center {
  readonly store: MemoryStore;
  readonly limits: ExpiryTimes;
  now = NOON;
  spoken: Spoken[] = [];
  state: ContactCenterState;
  broadcaster: Broadcaster;
  readonly #slice: number | undefined;

  /** `slice` = sends in a row, as many as in production unless given. */
  constructor(limits: ExpiryTimes = DEFAULT_LIMITS, store = new MemoryStore(), slice?: number) {
    this.#slice = slice;
    this.limits = limits;
    this.store = store;
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, this.#slice);
  }

  /** What a fresh process finds in the store: nothing that was only in memory. */
  restart(): void {
    this.state = this.#makeState();
    this.broadcaster = new Broadcaster(this.state.board, this.#slice);
  }

  post(...updates: Update[]): Applied {
    return this.state.apply(updates, new Set(this.broadcaster.watched()), this.now);
  }

  /** Posts one after the other, each in a post of its own. */
  postEach(...updates: Update[]): Applied[] {
    return updates.map((update) => this.post(update));
  }

  tickAt(now: number): void {
    this.now = now;
    this.state.tick(now);
  }

  flush(): void {
    this.broadcaster.flush(this.now);
  }

  /** The agents a viewer with this group filter would be shown now, by id. */
  agents(groupFilter: GroupFilter = null): Agent[] {
    return this.state.board
      .visible(groupFilter)
      .map((agent) => toAgent(agent, this.now))
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  }

  agent(agentId = "agent-1"): Agent {
    const found = this.agents().find((agent) => agent.agentId === agentId);
    if (found === undefined) throw new Error(`${agentId} is not on the board.`);
    return found;
  }

  /** Seats a viewer and sends its first frame. */
  join(id: string, options: { groupFilter?: GroupFilter; plain?: boolean; at?: { epoch: string; seq: number } } = {}): TestPort {
    const port = new TestPort();
    const { groupFilter = null, plain = false, at = null } = options;
    this.broadcaster.addSubscriber(
      { id, subject: id, plain, groupFilter, expiresAt: this.now + 60 * 60_000, watching: new Set() },
      port,
    );
    this.broadcaster.sendFirstFrame(id, at, this.now);
    return port;
  }

  #makeState(): ContactCenterState {
    return new ContactCenterState(
      this.store.load("epoch-1"),
      this.store,
      {
        changed: (before, row) => this.broadcaster.changed(before, row),
        spoken: (contactId, turns, complete, groups) => this.spoken.push({ contactId, turns, complete, groups }),
      },
      this.limits,
    );
  }
}

/** The far end of a socket: keeps what is sent. */
export class TestPort implements ViewerPort {
  readonly texts: string[] = [];
  unsent = 0;
  closed: CloseReason | null = null;

  send(text: string): void {
    this.texts.push(text);
  }

  close(reason: CloseReason): void {
    this.closed = reason;
  }

  backlog(): number {
    return this.unsent;
  }

  /** The frames since the last call, parsed. */
  take(): Frame[] {
    return this.texts.splice(0).map((text) => JSON.parse(text));
  }
}

/** A frame as a test looks at it. */
export interface Frame {
  type: string;
  epoch: string;
  seq: number;
  from: number;
  to: number;
  data: Array<Partial<Agent> & { agentId: string }>;
  removed: string[];
}
