import { inflateRawSync } from "node:zlib";
import type { AlertChange } from "../../core/alerts/alert-change.ts";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import type { ViewerPort } from "../../core/broadcast/viewer.ts";
import { type AppliedPost, CenterCore } from "../../core/center/center-core.ts";
import type { CenterEvents, CenterSettings } from "../../core/center/ports.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import type { ContactCenterState } from "../../core/state/contact-center-state.ts";
import { DEFAULT_EXPIRY, type ExpiryTimes } from "../../core/state/expiry.ts";
import type { Agent } from "../../protocol/agent.ts";
import type { AlertRules } from "../../protocol/alert-rules.ts";
import type { CloseReason } from "../../protocol/close-codes.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { Update } from "../../protocol/updates.ts";
import { nodeDeflation } from "../support/node-deflation.ts";
import { NOON } from "../support/updates.ts";
import { MemoryStore } from "./memory-store.ts";

/** Tests of the state count every change of the board, so no alert may be among them. */
const NO_RULES: AlertRules = { rules: [] };

interface PublishedTurns {
  contactId: string;
  turns: readonly Turn[];
  complete: boolean;
  groups: readonly string[];
}

/** A contact center with its broadcaster, on a store in memory and a clock that the test sets. */
export class Center {
  readonly store: MemoryStore;
  readonly times: ExpiryTimes;
  now = NOON;
  published: PublishedTurns[] = [];
  readonly alertChanges: AlertChange[] = [];
  core: CenterCore;
  broadcaster: Broadcaster;
  readonly #batchSize: number | undefined;
  readonly #historyDays: number;

  /** `batchSize` is the number of sends per fan-out batch. The default is that of production. `rules` are those of the alerts. Without `historyDays` no days are kept. */
  constructor(
    times: ExpiryTimes = DEFAULT_EXPIRY,
    store = new MemoryStore(),
    batchSize?: number,
    rules = NO_RULES,
    historyDays = 0,
  ) {
    this.#historyDays = historyDays;
    if (store.loadAlerts().rules === null) store.saveRules(rules);
    store.rowsWritten = 0;
    this.#batchSize = batchSize;
    this.times = times;
    this.store = store;
    this.core = this.#makeCore();
    this.broadcaster = new Broadcaster(this.state.board, nodeDeflation, this.#batchSize);
  }

  /** Rebuilds everything from the store, as a new process does. Loses the state that was only in memory. */
  restart(): void {
    this.core = this.#makeCore();
    this.broadcaster = new Broadcaster(this.state.board, nodeDeflation, this.#batchSize);
  }

  get state(): ContactCenterState {
    return this.core.state;
  }

  post(...updates: Update[]): AppliedPost {
    this.store.notePost(this.now);
    return this.core.applyBatch(updates, new Set(this.broadcaster.watchedContacts()), this.now);
  }

  /** Posts each update in a post of its own. */
  postEach(...updates: Update[]): AppliedPost[] {
    return updates.map((update) => this.post(update));
  }

  /** Lets time pass for the alerts alone. */
  advanceTo(now: number): void {
    this.now = now;
    this.core.alerts.advance(now);
  }

  expireAt(now: number): void {
    this.now = now;
    this.core.expire(now);
  }

  flush(): void {
    this.broadcaster.flush(this.now);
  }

  /** Returns the agent's row on the board. Undefined: the agent is unknown or deleted. */
  row(agentId: string): AgentRow | undefined {
    return this.#rows(null).find((row) => row.agentId === agentId);
  }

  /** Returns the agents that a viewer with this filter sees now, sorted by id. */
  agents(filter: GroupFilter = null): Agent[] {
    return this.#rows(filter)
      .map((row) => wireAgent(row, this.now))
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  }

  agent(agentId = "agent-1"): Agent {
    const found = this.agents().find((agent) => agent.agentId === agentId);
    if (found === undefined) throw new Error(`${agentId} is not on the board.`);
    return found;
  }

  /** Returns the agent as legacy viewers get it. */
  legacyAgent(agentId: string): Agent {
    const found = this.state.board.collections[0]?.row(agentId)?.value ?? null;
    const row = AGENTS.parse(found);
    if (row === null) throw new Error(`${agentId} is not on the board.`);
    const { callStartedAt: _, transcription: __, nextStatus: ___, capacity: ____, ...agent } = wireAgent(row, this.now);
    const { contacts: _contacts, contactCount: _count, listening: _listening, today: _today, ...first } = agent;
    return { ...first, status: row.status };
  }

  /** Returns what a viewer at this position has missed. Null: the board cannot resume from there. */
  missedSince(epoch: string, seq: number, filter: GroupFilter): { changed: Agent[]; removed: string[] } | null {
    const { board } = this.state;
    const [agents] = board.collections;
    if (agents === undefined || !board.canResume({ epoch, seq })) return null;
    const { changed, removed } = agents.missedSince(seq, filter);
    return { changed: changed.flatMap((row) => AGENTS.parse(row) ?? []).map((row) => wireAgent(row, this.now)), removed };
  }

  /** Adds a viewer and sends its first frame. */
  join(
    id: string,
    options: {
      groupFilter?: GroupFilter;
      legacy?: boolean;
      compact?: boolean;
      at?: { epoch: string; seq: number };
      watching?: string[];
    } = {},
  ): TestPort {
    const port = new TestPort();
    const { groupFilter = null, legacy = false, compact = false, at = null, watching = [] } = options;
    const expiresAt = this.now + 60 * 60_000;
    const viewer = { id, subject: id, legacy, compact, groupFilter, expiresAt, watching: new Set(watching) };
    this.broadcaster.addSubscriber(viewer, port);
    this.broadcaster.sendFirstFrame(id, at, this.now);
    return port;
  }

  /** Returns the body of the polling endpoint. Throws if it is not there at once. */
  poll(filter: GroupFilter): string {
    let answer: string | null = null;
    this.broadcaster.poll(filter, this.now, (body) => {
      answer = body;
    });
    if (answer === null) throw new Error("The board is too large to be polled in one step.");
    return answer;
  }

  #rows(filter: GroupFilter): AgentRow[] {
    const rows = this.state.board.collections[0]?.visible(filter) ?? [];
    return rows.flatMap((row) => AGENTS.parse(row) ?? []);
  }

  #makeCore(): CenterCore {
    const events: CenterEvents = {
      rowChanged: (change) => this.broadcaster.noteChange(change),
      turnsAdded: (contactId, turns, complete, groups) => this.published.push({ contactId, turns, complete, groups }),
      alertsChanged: (changes) => this.alertChanges.push(...changes),
    };
    const settings: CenterSettings = { times: this.times, timeZone: "UTC", formula: "removed", historyDays: this.#historyDays };
    return new CenterCore(this.store.loadCenter("epoch-1"), this.store.stores, events, settings);
  }
}

/** Returns the agent as `hub.v1` viewers get it. */
export function wireAgent(row: AgentRow, now: number): Agent {
  const { callStartedAt, transcription, agentId, name, status: stored, ...rest } = row;
  const status = stored === "on a call" && row.channel !== "voice" && row.channel !== null ? "on a contact" : stored;
  const duration = callStartedAt === null ? null : Math.max(0, Math.floor((now - callStartedAt) / 1000));
  return { agentId, name, status, duration, ...rest, callStartedAt, transcription };
}

/** Replaces a viewer's socket and keeps the texts that are sent to it. */
export class TestPort implements ViewerPort {
  readonly texts: string[] = [];
  /** The frames that came as binary messages. {@link texts} has their texts. */
  readonly packed: Uint8Array[] = [];
  /** Contacts whose transcript the broadcaster asked to resend. */
  readonly resent: string[] = [];
  unsent = 0;
  closed: CloseReason | null = null;

  send(message: string | Uint8Array): void {
    if (typeof message !== "string") this.packed.push(message);
    this.texts.push(typeof message === "string" ? message : inflateRawSync(message).toString());
  }

  close(reason: CloseReason): void {
    this.closed = reason;
  }

  bufferedBytes(): number {
    return this.unsent;
  }

  resendTranscript(contactId: string): void {
    this.resent.push(contactId);
  }

  /** Returns the parsed frames since the last call. */
  newFrames(): TestFrame[] {
    return this.texts.splice(0).map((text) => JSON.parse(text));
  }
}

/** The fields of a frame that tests read. */
export interface TestFrame {
  type: string;
  epoch: string;
  seq: number;
  from: number;
  to: number;
  data: Array<Partial<Agent> & { agentId: string }>;
  removed: string[];
}
