import type { Turn } from "../../protocol/messages.ts";
import type { ContactTurn, Update } from "../../protocol/updates.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import type { ContactIds, ContactIndex } from "./contact-index.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";

/** Where turns are kept. They are not in memory, because an hour's call has some 800 of them. */
export interface TurnStore {
  turn(contactId: string, turnId: string): ContactTurn | null;
  saveTurn(turn: ContactTurn): void;
  turns(contactId: string): ContactTurn[];
  /** How many turns are stored, and how many characters their JSON has. */
  turnsSize(contactId: string): { turns: number; length: number };
  deleteTurn(contactId: string, turnId: string): void;
  /** How many final turns of the customer that have words there are. */
  customerTurns(contactId: string): number;
}

/** The turns of a contact as a viewer may read them. */
export interface ReadableTranscript {
  turns: Turn[];
  complete: boolean;
  /** Whether the oldest turns had to leave, because the contact has too many. */
  truncated: boolean;
  /** The groups of the agents that hold (or held last) the contact. */
  groups: readonly string[];
}

/** Finds the turns of each contact, and who may read them. */
export class Transcripts {
  readonly #store: TurnStore;
  readonly #groupsOfAgent: (agentId: string) => readonly string[];
  readonly #contacts: ContactIndex;
  readonly #assignments: ContactAssignments;

  constructor(
    store: TurnStore,
    groupsOfAgent: (agentId: string) => readonly string[],
    contacts: ContactIndex,
    assignments: ContactAssignments,
  ) {
    this.#store = store;
    this.#groupsOfAgent = groupsOfAgent;
    this.#contacts = contacts;
    this.#assignments = assignments;
  }

  transcript(contactId: string): ReadableTranscript {
    const source = this.sourceOf(contactId);
    return {
      turns: source === undefined ? [] : inOrderOfBegin(this.#store.turns(source.contactId)),
      complete: this.isComplete(contactId),
      truncated: (source?.turnsDroppedUntil ?? 0) > 0,
      groups: this.groupsOf(contactId),
    };
  }

  /**
   * The contact whose turns belong to the contact that a viewer watches. Before a transferred contact has turns, it shows those of
   * the call so far. One that is listened to on its own never does, because its times count from another moment.
   */
  sourceOf(contactId: string): ContactRecord | undefined {
    const matches = this.#contacts.matches(this.#idsOf(contactId));
    const [own] = matches;
    if (own?.contactId === contactId && isListenedTo(own)) return own;
    return matches.find((contact) => contact.hasTurns) ?? own;
  }

  /** Returns those contacts of the updates that a viewer watches, also under another contact of the call. */
  watchedAmong(updates: readonly Update[], watched: Iterable<string>): string[] {
    const contactIds = new Set(updates.flatMap((update) => ("contactId" in update ? (update.contactId ?? []) : [])));
    const all = [...watched].flatMap((watchedId) => [watchedId, this.sourceOf(watchedId)?.contactId ?? watchedId]);
    return [...new Set(all)].filter((contactId) => contactIds.has(contactId));
  }

  /**
   * Whether no more turns can come: the contact itself has ended, or the one that holds its turns has and no agent goes on with
   * the call.
   */
  isComplete(contactId: string): boolean {
    const ended = (contact: ContactRecord | undefined) => contact !== undefined && endOfContact(contact) !== null;
    if (ended(this.#contacts.record(contactId))) return true;
    return !this.#assignments.isOpen(contactId) && ended(this.sourceOf(contactId));
  }

  groupsOf(contactId: string): readonly string[] {
    const agents = [...this.#assignments.agentsOf(this.#idsOf(contactId))];
    if (agents.length === 0) return this.#contacts.record(contactId)?.groups ?? [];
    return [...new Set(agents.flatMap(this.#groupsOfAgent))].sort();
  }

  #idsOf(contactId: string): ContactIds {
    const known = this.#assignments.contact(contactId) ?? this.#contacts.record(contactId);
    return known ?? { contactId, initialContactId: null };
  }
}

/** Whether a transcription of exactly this contact has begun. */
function isListenedTo({ transcription }: ContactRecord): boolean {
  return transcription !== null && transcription.state !== "off";
}

/**
 * Stores a turn unless the stored one is as new. A final turn beats any partial one, then the newest wins. Returns whether it was
 * news, and which stored turn it replaced; null = none.
 */
export function foldTurn(store: TurnStore, turn: ContactTurn): { news: boolean; replaced: ContactTurn | null } {
  const known = store.turn(turn.contactId, turn.turnId);
  if (known !== null && !isNewer(turn, known)) return { news: false, replaced: null };
  store.saveTurn(turn);
  return { news: true, replaced: known };
}

function isNewer(turn: ContactTurn, than: ContactTurn): boolean {
  if (turn.final !== than.final) return turn.final;
  if (turn.occurredAt !== than.occurredAt) return turn.occurredAt > than.occurredAt;
  // A message keeps the time at which it was written while more becomes known of it: its issues, its sentiment, and that the
  // chat began earlier.
  const more = knowledgeOf(turn)
    .map((value, index) => value - (knowledgeOf(than)[index] ?? 0))
    .find((value) => value !== 0);
  return more !== undefined ? more > 0 : JSON.stringify(turn) > JSON.stringify(than);
}

function knowledgeOf({ issues, sentiment, beginMs }: ContactTurn): [issues: number, sentiment: number, beginMs: number] {
  return [issues?.length ?? 0, sentiment === null ? 0 : 1, beginMs];
}

/** The turn as viewers get it. */
export function toTurn(turn: ContactTurn): Turn {
  const { turnId, role, beginMs, endMs, text, final, sentiment, issues = [], occurredAt } = turn;
  return { turnId, role, beginMs, endMs, text, final, sentiment, ...(issues.length > 0 && { issues }), occurredAt };
}

function inOrderOfBegin(turns: ContactTurn[]): Turn[] {
  return turns.sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1)).map(toTurn);
}
