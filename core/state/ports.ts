import type { Turn } from "../../protocol/messages.ts";
import type { BoardAgent, BoardRow } from "../board/board.ts";
import type { AgentRecord, Listing } from "./agent-record.ts";
import type { ContactRecord } from "./contact-record.ts";
import type { TurnStore } from "./transcripts.ts";

/** Where the hub keeps what it must not lose. Every call is synchronous and part of the caller's transaction. */
export interface StateStore extends TurnStore {
  saveAgent(record: AgentRecord, row: BoardRow | undefined): void;
  saveContact(record: ContactRecord): void;
  /** Drops a contact and all its turns. */
  forgetContact(contactId: string): void;
  /** Drops an agent whose tombstone no longer serves; `floor` is the board's new floor. */
  forgetAgent(agentId: string, floor: number): void;
  saveListing(listing: Listing): void;
}

/** What a hub is made of when its object wakes up. */
export interface StoredState {
  epoch: string;
  floor: number;
  listing: Listing;
  agents: Iterable<{ record: AgentRecord; row: BoardRow | null }>;
  contacts: Iterable<ContactRecord>;
}

export interface StateEvents {
  /** A row changed; `before` is what it was. */
  changed(before: BoardAgent | null, row: BoardRow): void;
  /** New turns, or the end, of a contact that somebody watches as `contactId`. */
  spoken(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[]): void;
}
