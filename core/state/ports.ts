import type { AgentToday } from "../../protocol/agent-today.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { BoardRow, RowChange } from "../board/collection.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import type { ContactRecord } from "./contact-record.ts";
import type { Listing } from "./listing.ts";
import type { ListPart, ListStore } from "./roster-lists.ts";
import type { TurnStore } from "./transcripts.ts";

/** Where the hub keeps what it must not lose. Every call is synchronous and part of the caller's transaction. */
export interface StateStore extends TurnStore, ListStore {
  saveAgent(record: AgentRecord, row: BoardRow<AgentRow> | undefined): void;
  /**
   * Keeps a row with one of the agent's contacts, which {@link saveContact} writes in the same transaction. The agent's record is
   * as it was saved, and `isCarriable` holds for the change.
   */
  carryRow(contactId: string, row: BoardRow<AgentRow>): void;
  /** Writes the rows that contacts carry as the agents' own, and leaves nothing of them with the contacts. */
  landRows(): void;
  /** Deletes an agent whose tombstone nobody needs. Positions before `oldestResumableSeq` can no longer resume. */
  deleteAgent(agentId: string, oldestResumableSeq: number): void;
  saveContact(record: ContactRecord): void;
  /** Deletes a contact and all its turns. The rows that it carries become the agents' own first. */
  deleteContact(contactId: string): void;
}

/** The state with which a hub begins when its object wakes up. */
export interface StoredState {
  epoch: string;
  oldestResumableSeq: number;
  /** The newest list that came in one post. */
  listing: Listing;
  /** Parts of lists that came in several posts, in any order. */
  listParts: Iterable<ListPart>;
  agents: Iterable<{ record: AgentRecord; row: BoardRow<AgentRow> | null }>;
  contacts: Iterable<ContactRecord>;
}

export interface StateEvents {
  /** A row of the board changed. */
  rowChanged(change: RowChange): void;
  /** A contact that some viewer watches as `contactId` has new turns, or has ended. */
  turnsAdded(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[]): void;
  /** A contact expires, and its turns with it. It runs in the transaction of the rows. */
  contactExpired?(record: ContactRecord): void;
}

/** The figures of an agent's day; null = nothing is known of it. */
export type TodayOf = (agentId: string) => AgentToday | null;
