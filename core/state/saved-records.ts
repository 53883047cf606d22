import type { BoardRow } from "../board/collection.ts";
import { type AgentRecord, arrivedAt, isMissingIn, newsAt, sameButSeen } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { isCarriable } from "./carried-rows.ts";
import type { Listing } from "./listing.ts";
import type { StateStore } from "./ports.ts";

type AgentStore = Pick<StateStore, "saveAgent" | "carryRow">;

/** What became of an agent's row. */
interface SettledAgent {
  before: AgentRow | null;
  row: BoardRow<AgentRow> | undefined;
  /** The fields that changed; null = the row is as before. */
  fields: readonly string[] | null;
  /** A contact of the agent that is about to be written; undefined = there is none. */
  carrier: string | undefined;
}

/** The records of agents as storage has them. Rows cost money, so storage lags behind in what only says when an agent was seen. */
export class SavedRecords {
  readonly #saved = new Map<string, AgentRecord>();
  readonly #store: AgentStore;
  readonly #staleAfterMs: number;

  /** @param staleAfterMs an agent without news for so long is shown as stale */
  constructor(store: AgentStore, staleAfterMs: number) {
    this.#store = store;
    this.#staleAfterMs = staleAfterMs;
  }

  /** When the newest news of an agent arrived of which storage knows, epoch ms; 0 = of none. */
  storedAt(agentId: string): number {
    const record = this.#saved.get(agentId);
    return record === undefined ? 0 : arrivedAt(record);
  }

  noteSaved(record: AgentRecord): void {
    this.#saved.set(record.agentId, record);
  }

  saveAgent(record: AgentRecord, row: BoardRow<AgentRow> | undefined): void {
    this.#store.saveAgent(record, row);
    this.noteSaved(record);
  }

  /** Writes an agent if anything worth keeping changed; nothing but its contacts' news is left to the contact that carries it. */
  saveChanged(record: AgentRecord, listing: Listing, { before, row, fields, carrier }: SettledAgent): void {
    const isStored = this.isStored(record, listing);
    if (fields === null && isStored) return;
    const isCarried = isStored && row !== undefined && fields !== null && isCarriable(before, row.value, fields);
    if (isCarried && carrier !== undefined) this.#store.carryRow(carrier, row);
    else this.saveAgent(record, row);
  }

  deleteRecord(agentId: string): void {
    this.#saved.delete(agentId);
  }

  /**
   * Whether storage has all of the record but the time of its newest news. That time may be half the stale limit too old, because
   * an idle agent sends a heartbeat every two minutes. No agent looks stale or signed out after a restart.
   */
  isStored(record: AgentRecord, listing: Listing): boolean {
    const saved = this.#saved.get(record.agentId);
    if (saved === undefined) return false;
    if (isMissingIn(saved, listing) && !isMissingIn(record, listing)) return false;
    return newsAt(record) - newsAt(saved) <= this.#staleAfterMs / 2 && sameButSeen(saved, record);
  }

  /**
   * Whether a new list decides anew about the agent. The entries of the list are folded already, so these are agents that it
   * leaves out. A heartbeat that storage does not have may be all that keeps one of them signed in.
   */
  isDecidedAnew(record: AgentRecord, before: Listing, listing: Listing): boolean {
    const missing = isMissingIn(record, listing);
    const saved = this.#saved.get(record.agentId) ?? record;
    return isMissingIn(record, before) !== missing || isMissingIn(saved, listing) !== missing;
  }
}
