import { type AgentRecord, isMissingIn, newsAt, sameButSeen } from "./agent-record.ts";
import type { Listing } from "./listing.ts";

/** The records of agents as storage has them. Rows cost money, so storage lags behind in what only says when an agent was seen. */
export class SavedRecords {
  readonly #saved = new Map<string, AgentRecord>();
  readonly #staleAfterMs: number;

  /** @param staleAfterMs an agent without news for so long is shown as stale */
  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs;
  }

  /** The record as storage has it; undefined = storage has none. */
  record(agentId: string): AgentRecord | undefined {
    return this.#saved.get(agentId);
  }

  noteSaved(record: AgentRecord): void {
    this.#saved.set(record.agentId, record);
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
