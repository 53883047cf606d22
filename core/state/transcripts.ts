import type { Turn } from "../../protocol/messages.ts";
import type { ContactTurn } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import type { ContactIndex, ContactRecord } from "./contact-record.ts";

/** Where turns are kept: not in memory, an hour's call has some 800 of them. */
export interface TurnStore {
  turn(contactId: string, turnId: string): ContactTurn | null;
  saveTurn(turn: ContactTurn): void;
  turns(contactId: string): ContactTurn[];
}

export interface Transcript {
  turns: Turn[];
  complete: boolean;
  /** The groups of the agents that hold (or held last) the contact. */
  groups: readonly string[];
}

/** What was said on which contact, and who may read it. */
export class Transcripts {
  readonly #store: TurnStore;
  readonly #board: Board;
  readonly #contacts: ContactIndex;
  readonly #assignments: ContactAssignments;

  constructor(store: TurnStore, board: Board, contacts: ContactIndex, assignments: ContactAssignments) {
    this.#store = store;
    this.#board = board;
    this.#contacts = contacts;
    this.#assignments = assignments;
  }

  read(contactId: string): Transcript {
    const source = this.sourceOf(contactId);
    return {
      turns: source === undefined ? [] : inSpokenOrder(this.#store.turns(source.contactId)),
      complete: this.isComplete(contactId),
      groups: this.groupsOf(contactId),
    };
  }

  /** The contact whose turns belong to what a viewer watches. */
  sourceOf(contactId: string): ContactRecord | undefined {
    const matches = this.#contacts.matches(this.#known(contactId));
    return matches.find((contact) => contact.spoken) ?? matches[0];
  }

  /** Whether no more turns are to come: the contact itself or the one that speaks for it has ended. */
  isComplete(contactId: string): boolean {
    const ended = (contact: ContactRecord | undefined) => contact !== undefined && contact.endedAt !== null;
    return ended(this.#contacts.get(contactId)) || ended(this.sourceOf(contactId));
  }

  groupsOf(contactId: string): readonly string[] {
    const agents = [...this.#assignments.of(this.#known(contactId))];
    if (agents.length === 0) return this.#contacts.get(contactId)?.groups ?? [];
    return [...new Set(agents.flatMap((agentId) => this.#board.row(agentId)?.agent?.groups ?? []))].sort();
  }

  #known(contactId: string): { contactId: string; initialContactId: string | null } {
    const known = this.#assignments.contact(contactId) ?? this.#contacts.get(contactId);
    return known ?? { contactId, initialContactId: null };
  }
}

/** Stores a turn unless what is known is as new: a final turn beats any partial one, then the newest wins. */
export function foldTurn(store: TurnStore, turn: ContactTurn): boolean {
  const known = store.turn(turn.contactId, turn.turnId);
  if (known !== null && !isNewer(turn, known)) return false;
  store.saveTurn(turn);
  return true;
}

function isNewer(turn: ContactTurn, than: ContactTurn): boolean {
  if (turn.final !== than.final) return turn.final;
  if (turn.occurredAt !== than.occurredAt) return turn.occurredAt > than.occurredAt;
  return JSON.stringify(turn) > JSON.stringify(than);
}

/** The turn as viewers get it. */
export function toTurn(turn: ContactTurn): Turn {
  const { turnId, role, beginMs, endMs, text, final, sentiment, issues = [], occurredAt } = turn;
  return { turnId, role, beginMs, endMs, text, final, sentiment, ...(issues.length > 0 && { issues }), occurredAt };
}

function inSpokenOrder(turns: ContactTurn[]): Turn[] {
  return turns.sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1)).map(toTurn);
}
