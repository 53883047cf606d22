import type { ContactTurn, RosterSnapshot, Update } from "../../protocol/updates.ts";
import { Board, type BoardRow } from "../board/board.ts";
import {
  type AgentRecord,
  foldHeartbeat,
  foldListed,
  foldRemoval,
  foldState,
  isNewerListing,
  isOvertaken,
  type Listing,
  newRecord,
  newsAt,
  sameButSeen,
  withListing,
} from "./agent-record.ts";
import { ContactAssignments } from "./contact-assignments.ts";
import { ContactIndex, type ContactRecord, foldContact, foldSpoken, newContact } from "./contact-record.ts";
import {
  contactDeadline,
  type ExpiryTimes,
  nextDeadline,
  overdueContacts,
  shouldForgetAgent,
  shouldForgetContact,
} from "./expiry.ts";
import type { StateEvents, StateStore, StoredState } from "./ports.ts";
import { deriveAgent, heldContacts, isOutlived } from "./public-agent.ts";
import { foldTurn, type Transcript, Transcripts, toTurn } from "./transcripts.ts";

export interface Applied {
  accepted: number;
  stale: number;
  /** The contacts of the batch that are watched. */
  watched: string[];
  /** When {@link ContactCenterState.tick} has something to do about what the batch touched; null = nothing. */
  wakeAt: number | null;
}

/** What one batch touched, to be settled once at its end. */
class Touched {
  readonly agents = new Set<string>();
  /** Contact -> whether its row must be written. */
  readonly contacts = new Map<string, boolean>();
  readonly turns = new Map<string, ContactTurn[]>();
  readonly ended = new Set<string>();
}

/** Decides what every update means for the board. Holds no clock: `now` is epoch milliseconds. */
export class ContactCenterState {
  readonly board: Board;
  readonly #store: StateStore;
  readonly #events: StateEvents;
  readonly #limits: ExpiryTimes;
  readonly #records = new Map<string, AgentRecord>();
  /** The records as they are stored. */
  readonly #saved = new Map<string, AgentRecord>();
  readonly #contacts = new ContactIndex();
  readonly #assignments = new ContactAssignments();
  readonly #transcripts: Transcripts;
  #listing: Listing;

  constructor(state: StoredState, store: StateStore, events: StateEvents, limits: ExpiryTimes) {
    this.#store = store;
    this.#events = events;
    this.#limits = limits;
    this.#listing = state.listing;
    const rows: BoardRow[] = [];
    for (const { record, row } of state.agents) {
      this.#saved.set(record.agentId, record);
      this.#put(withListing(record, state.listing));
      if (row !== null) rows.push(row);
    }
    rows.sort((a, b) => a.seq - b.seq);
    this.board = new Board(state.epoch, rows, state.floor, state.floor);
    for (const contact of state.contacts) this.#contacts.put(contact);
    this.#transcripts = new Transcripts(store, this.board, this.#contacts, this.#assignments);
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  apply(updates: readonly Update[], watched: ReadonlySet<string>, now: number): Applied {
    const batch = new Touched();
    let accepted = 0;
    for (const update of updates) if (this.#fold(update, batch, now)) accepted += 1;

    for (const agentId of batch.agents) this.#settleAgent(agentId, now);
    for (const [contactId, write] of batch.contacts) this.#settleContact(contactId, write);
    for (const contactId of this.#heldBy(batch.agents)) if (!batch.contacts.has(contactId)) this.#settleContact(contactId, false);
    // Most posts are about agents alone: they must not cost by what is watched.
    const told = batch.contacts.size === 0 ? new Set<string>() : this.#tellWatchers(batch, watched);
    return {
      accepted,
      stale: updates.length - accepted,
      watched: [...told],
      wakeAt: this.#nextDeadline(batch.agents, batch.contacts.keys()),
    };
  }

  /** What `watch` begins with. */
  transcript(contactId: string): Transcript {
    return this.#transcripts.read(contactId);
  }

  /** Does what time alone brings about: stale marks, contacts that never ended, turns and tombstones to forget. */
  tick(now: number): void {
    for (const contact of [...this.#contacts.all()]) {
      if (shouldForgetContact(contact, this.#limits, now)) this.#forgetContact(contact, now);
    }
    for (const record of [...this.#records.values()]) {
      if (shouldForgetAgent(record, this.board.row(record.agentId), this.#limits, now)) {
        this.#forgetAgent(record.agentId);
        continue;
      }
      const overdue = overdueContacts(record, heldContacts(record, this.#listing), this.#limits, now);
      if (overdue.length > 0) this.#put({ ...record, swept: [...record.swept, ...overdue] });
      this.#settleAgent(record.agentId, now);
    }
  }

  /** When {@link tick} has something to do next; null = never. */
  nextWake(): number | null {
    return this.#nextDeadline(
      this.#records.keys(),
      [...this.#contacts.all()].map((contact) => contact.contactId),
    );
  }

  #fold(update: Update, batch: Touched, now: number): boolean {
    switch (update.type) {
      case "agent.state":
        return this.#foldAgent(foldState(this.#record(update.agentId), update, now), batch);
      case "agent.heartbeat": {
        return this.#foldAgent(foldHeartbeat(this.#record(update.agentId), update.occurredAt), batch);
      }
      case "agent.removed": {
        const record = this.#record(update.agentId);
        const folded = this.#foldAgent(foldRemoval(record, update.occurredAt, now), batch);
        return folded && !isOvertaken(record, update.occurredAt);
      }
      case "roster.snapshot":
        return this.#foldSnapshot(update, batch, now);
      case "contact.turn": {
        const news = foldTurn(this.#store, update);
        if (news) batch.turns.set(update.contactId, [...(batch.turns.get(update.contactId) ?? []), update]);
        const before = this.#contacts.get(update.contactId) ?? newContact(update.contactId);
        const folded = foldSpoken(before, update, news, now);
        if (folded === null) return false;
        // One more turn is not worth a row of the contact.
        const write = !before.spoken || folded.initialContactId !== before.initialContactId;
        this.#putContact(before, folded, batch, write);
        return true;
      }
      case "contact.sentiment":
      case "contact.category":
      case "contact.ended": {
        const before = this.#contacts.get(update.contactId) ?? newContact(update.contactId);
        const folded = foldContact(before, update, now);
        if (folded === null) return false;
        this.#putContact(before, folded, batch, true);
        if (update.type === "contact.ended") batch.ended.add(update.contactId);
        return true;
      }
    }
  }

  #foldAgent(folded: AgentRecord | null, batch: Touched): boolean {
    if (folded === null) return false;
    this.#put(folded);
    batch.agents.add(folded.agentId);
    return true;
  }

  #foldSnapshot(update: RosterSnapshot, batch: Touched, now: number): boolean {
    let news = false;
    for (const body of update.agents) {
      if (this.#foldAgent(foldListed(this.#record(body.agentId), body, update.takenAt, now), batch)) news = true;
    }
    const listing = { takenAt: update.takenAt, agentIds: new Set(update.agents.map((body) => body.agentId)) };
    if (!isNewerListing(listing, this.#listing)) return news;
    this.#listing = listing;
    this.#store.saveListing(listing);
    for (const record of this.#records.values()) {
      this.#put(record);
      batch.agents.add(record.agentId);
    }
    return true;
  }

  #record(agentId: string): AgentRecord {
    return this.#records.get(agentId) ?? newRecord(agentId);
  }

  #put(record: AgentRecord): void {
    this.#records.set(record.agentId, record);
    this.#assignments.set(record.agentId, heldContacts(record, this.#listing));
  }

  #putContact(before: ContactRecord, record: ContactRecord, batch: Touched, write: boolean): void {
    this.#contacts.put(record);
    batch.contacts.set(record.contactId, write || batch.contacts.get(record.contactId) === true);
    if (!write) return;
    for (const contact of [before, record]) for (const agentId of this.#assignments.of(contact)) batch.agents.add(agentId);
  }

  /** What is known of the contacts that the agents hold. */
  #heldBy(agentIds: Iterable<string>): Set<string> {
    const held = new Set<string>();
    for (const agentId of agentIds) {
      for (const contact of heldContacts(this.#record(agentId), this.#listing)) {
        for (const { contactId } of this.#contacts.matches(contact)) held.add(contactId);
      }
    }
    return held;
  }

  #settleContact(contactId: string, write: boolean): void {
    const record = this.#contacts.get(contactId);
    if (record === undefined) return;
    const groups = this.#transcripts.groupsOf(contactId);
    const moved = groups.join("\n") !== record.groups.join("\n");
    const settled = moved ? { ...record, groups } : record;
    this.#contacts.put(settled);
    if (write || moved) this.#store.saveContact(settled);
  }

  /** Derives the agent anew, writes its row if anything worth keeping changed, and announces what changed in public. */
  #settleAgent(agentId: string, now: number): void {
    const record = this.#record(agentId);
    const before = this.board.row(agentId)?.agent ?? null;
    const stale = newsAt(record) + this.#limits.staleAfterMs <= now;
    const changed = this.board.change(agentId, deriveAgent(record, this.#listing, this.#contacts, stale));
    if (changed !== undefined) this.#events.changed(before, changed);
    else if (this.#isStored(record)) return;
    this.#store.saveAgent(record, this.board.row(agentId));
    this.#saved.set(agentId, record);
  }

  /**
   * Whether storage lacks nothing of the record but the time of the newest news, and not so much of that that the agent
   * would look stale, or signed out by a snapshot, after a restart: rows cost money, and an idle agent sends a heartbeat every
   * two minutes.
   */
  #isStored(record: AgentRecord): boolean {
    const saved = this.#saved.get(record.agentId);
    if (saved === undefined) return false;
    const { takenAt, agentIds } = this.#listing;
    if (newsAt(saved) < takenAt && takenAt <= newsAt(record) && !agentIds.has(record.agentId)) return false;
    return newsAt(record) - newsAt(saved) <= this.#limits.staleAfterMs / 2 && sameButSeen(saved, record);
  }

  #tellWatchers(batch: Touched, watched: ReadonlySet<string>): Set<string> {
    const told = new Set<string>();
    for (const watchedId of watched) {
      const source = this.#transcripts.sourceOf(watchedId)?.contactId ?? watchedId;
      for (const contactId of [source, watchedId]) if (batch.contacts.has(contactId)) told.add(contactId);
      const turns = batch.turns.get(source) ?? [];
      if (turns.length === 0 && !batch.ended.has(source) && !batch.ended.has(watchedId)) continue;
      const complete = this.#transcripts.isComplete(watchedId);
      this.#events.spoken(watchedId, turns.map(toTurn), complete, this.#transcripts.groupsOf(watchedId));
    }
    return told;
  }

  #forgetContact(contact: ContactRecord, now: number): void {
    this.#store.forgetContact(contact.contactId);
    this.#contacts.delete(contact.contactId);
    const agents = [...this.#assignments.of(contact)].map((agentId) => this.#record(agentId));
    if (!agents.some((record) => isOutlived(record, this.#listing, contact))) return;
    // Forgotten altogether, the call would seem to go on again.
    const end = { ...contact, spoken: false, heardAt: now };
    this.#contacts.put(end);
    this.#store.saveContact(end);
  }

  #forgetAgent(agentId: string): void {
    this.board.forget(agentId);
    this.#records.delete(agentId);
    this.#saved.delete(agentId);
    this.#store.forgetAgent(agentId, this.board.floor);
  }

  #nextDeadline(agentIds: Iterable<string>, contactIds: Iterable<string>): number | null {
    let next = Number.POSITIVE_INFINITY;
    for (const agentId of agentIds) {
      const record = this.#records.get(agentId);
      if (record === undefined) continue;
      const agent = this.board.row(agentId)?.agent ?? null;
      next = Math.min(next, nextDeadline(record, agent, heldContacts(record, this.#listing), this.#limits));
    }
    for (const contactId of contactIds) {
      const contact = this.#contacts.get(contactId);
      if (contact !== undefined) next = Math.min(next, contactDeadline(contact, this.#limits));
    }
    return Number.isFinite(next) ? next : null;
  }
}
