import type { BoardRow } from "../../core/board/board.ts";
import { type AgentRecord, type Listing, NO_LISTING } from "../../core/state/agent-record.ts";
import type { ContactRecord } from "../../core/state/contact-record.ts";
import type { StateStore, StoredState } from "../../core/state/ports.ts";
import type { ContactTurn } from "../../protocol/updates.ts";

interface Contents {
  epoch: string | null;
  floor: number;
  listing: string | null;
  agents: Map<string, string>;
  contacts: Map<string, string>;
  turns: Map<string, Map<string, string>>;
  posts: Set<string>;
}

/** A store that outlives its hub, as a database does: everything goes in and comes out as text. */
export class MemoryStore implements StateStore {
  #held: Contents = {
    epoch: null,
    floor: 0,
    listing: null,
    agents: new Map(),
    contacts: new Map(),
    turns: new Map(),
    posts: new Set(),
  };
  /** Rows written so far: what a hub pays for. */
  rowsWritten = 0;
  /** The disk fails after so many more writes; null = never. */
  failAfter: number | null = null;

  load(newEpoch: string): StoredState {
    this.#held.epoch ??= newEpoch;
    const { epoch, floor, listing, agents, contacts } = this.#held;
    return {
      epoch,
      floor,
      listing: listing === null ? NO_LISTING : readListing(listing),
      agents: [...agents.values()].map((text) => parsed<{ record: AgentRecord; row: BoardRow | null }>(text)),
      contacts: [...contacts.values()].map((text) => parsed<ContactRecord>(text)),
    };
  }

  saveAgent(record: AgentRecord, row: BoardRow | undefined): void {
    this.#write();
    this.#held.agents.set(record.agentId, JSON.stringify({ record, row: row ?? null }));
  }

  forgetAgent(agentId: string, floor: number): void {
    this.#write();
    this.#write();
    this.#held.agents.delete(agentId);
    this.#held.floor = floor;
  }

  saveContact(record: ContactRecord): void {
    this.#write();
    this.#held.contacts.set(record.contactId, JSON.stringify(record));
  }

  forgetContact(contactId: string): void {
    this.#write();
    this.#held.contacts.delete(contactId);
    this.#held.turns.delete(contactId);
  }

  saveListing(listing: Listing): void {
    this.#write();
    this.#held.listing = JSON.stringify({ takenAt: listing.takenAt, agentIds: [...listing.agentIds] });
  }

  turn(contactId: string, turnId: string): ContactTurn | null {
    const text = this.#held.turns.get(contactId)?.get(turnId);
    return text === undefined ? null : parsed<ContactTurn>(text);
  }

  saveTurn(turn: ContactTurn): void {
    this.#write();
    const turns = this.#held.turns.get(turn.contactId) ?? new Map<string, string>();
    this.#held.turns.set(turn.contactId, turns.set(turn.turnId, JSON.stringify(turn)));
  }

  turns(contactId: string): ContactTurn[] {
    return [...(this.#held.turns.get(contactId)?.values() ?? [])].map((text) => parsed<ContactTurn>(text));
  }

  /** Remembers a post; false when it was here before. */
  rememberPost(webhookId: string): boolean {
    if (this.#held.posts.has(webhookId)) return false;
    this.#write();
    this.#held.posts.add(webhookId);
    return true;
  }

  #write(): void {
    if (this.failAfter === 0) throw new Error("The disk failed.");
    if (this.failAfter !== null) this.failAfter -= 1;
    this.rowsWritten += 1;
  }

  /** Runs `work` whole or not at all, like a transaction. */
  transaction<Result>(work: () => Result): Result {
    const before = structuredClone(this.#held);
    try {
      return work();
    } catch (error) {
      this.#held = before;
      throw error;
    }
  }
}

function parsed<T>(text: string): T {
  return JSON.parse(text);
}

function readListing(text: string): Listing {
  const { takenAt, agentIds } = parsed<{ takenAt: number; agentIds: string[] }>(text);
  return { takenAt, agentIds: new Set(agentIds) };
}
