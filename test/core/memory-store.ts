import type { BoardRow } from "../../core/board/collection.ts";
import type { RelayStore } from "../../core/replication/relay-registry.ts";
import type { AgentRecord } from "../../core/state/agent-record.ts";
import { AGENTS, type AgentRow } from "../../core/state/agent-row.ts";
import type { ContactRecord } from "../../core/state/contact-record.ts";
import { type Listing, listingToStored, NO_LISTING, parseListing } from "../../core/state/listing.ts";
import type { StateStore, StoredState } from "../../core/state/ports.ts";
import {
  agentRecordToStored,
  contactRecordToStored,
  parseAgentRecord,
  parseContactRecord,
  parseTurn,
} from "../../core/state/stored-records.ts";
import type { ContactTurn } from "../../protocol/updates.ts";

interface StoredTexts {
  epoch: string | null;
  oldestResumableSeq: number;
  listing: string | null;
  agents: Map<string, string>;
  contacts: Map<string, string>;
  turns: Map<string, Map<string, string>>;
  posts: Set<string>;
  relays: Map<string, string[]>;
}

/** A store that outlives its hub, as a database does: everything goes in and comes out as text. */
export class MemoryStore implements StateStore, RelayStore {
  #held: StoredTexts = {
    epoch: null,
    oldestResumableSeq: 0,
    listing: null,
    agents: new Map(),
    contacts: new Map(),
    turns: new Map(),
    posts: new Set(),
    relays: new Map(),
  };
  /** Rows written so far: a hub pays for each. */
  rowsWritten = 0;
  /** The disk fails after so many more writes; null = never. */
  failAfter: number | null = null;

  load(newEpoch: string): StoredState {
    this.#held.epoch ??= newEpoch;
    const { epoch, oldestResumableSeq, listing, agents, contacts } = this.#held;
    return {
      epoch,
      oldestResumableSeq,
      listing: listing === null ? NO_LISTING : parseListing(JSON.parse(listing)),
      agents: [...agents.values()].flatMap((text) => {
        const { record, row } = parsed<{ record: unknown; row: BoardRow<object> | null }>(text);
        const known = parseAgentRecord(record);
        if (known === null) return [];
        return [{ record: known, row: row && { ...row, value: row.value && AGENTS.parse(row.value) } }];
      }),
      contacts: [...contacts.values()].flatMap((text) => parseContactRecord(JSON.parse(text)) ?? []),
    };
  }

  saveAgent(record: AgentRecord, row: BoardRow<AgentRow> | undefined): void {
    this.#write();
    this.#held.agents.set(record.agentId, JSON.stringify({ record: agentRecordToStored(record), row: row ?? null }));
  }

  deleteAgent(agentId: string, oldestResumableSeq: number): void {
    this.#write();
    this.#write();
    this.#held.agents.delete(agentId);
    this.#held.oldestResumableSeq = oldestResumableSeq;
  }

  saveContact(record: ContactRecord): void {
    this.#write();
    this.#held.contacts.set(record.contactId, JSON.stringify(contactRecordToStored(record)));
  }

  deleteContact(contactId: string): void {
    this.#write();
    this.#held.contacts.delete(contactId);
    this.#held.turns.delete(contactId);
  }

  saveListing(listing: Listing): void {
    this.#write();
    this.#held.listing = JSON.stringify(listingToStored(listing));
  }

  turn(contactId: string, turnId: string): ContactTurn | null {
    const text = this.#held.turns.get(contactId)?.get(turnId);
    return text === undefined ? null : parseTurn(JSON.parse(text));
  }

  saveTurn(turn: ContactTurn): void {
    this.#write();
    const turns = this.#held.turns.get(turn.contactId) ?? new Map<string, string>();
    this.#held.turns.set(turn.contactId, turns.set(turn.turnId, JSON.stringify(turn)));
  }

  turns(contactId: string): ContactTurn[] {
    return [...(this.#held.turns.get(contactId)?.values() ?? [])].flatMap((text) => parseTurn(JSON.parse(text)) ?? []);
  }

  /** Remembers a post; false when the hub has seen it before. */
  rememberPost(webhookId: string): boolean {
    if (this.#held.posts.has(webhookId)) return false;
    this.#write();
    this.#held.posts.add(webhookId);
    return true;
  }

  relays(): { name: string; watching: string[] }[] {
    return [...this.#held.relays].map(([name, watching]) => ({ name, watching }));
  }

  saveRelay(name: string, watching: readonly string[]): void {
    this.#held.relays.set(name, [...watching]);
  }

  deleteRelay(name: string): void {
    this.#held.relays.delete(name);
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
