import type { ContactTurn, RosterSnapshot, Update } from "../../protocol/updates.ts";
import { Board } from "../board/board.ts";
import type { Collection } from "../board/collection.ts";
import {
  type AgentRecord,
  foldHeartbeat,
  foldListed,
  foldRemoval,
  foldState,
  isOvertaken,
  newRecord,
  newsAt,
  sameButSeen,
  withListing,
} from "./agent-record.ts";
import { AGENTS, type AgentRow } from "./agent-row.ts";
import { ContactAssignments } from "./contact-assignments.ts";
import { ContactIndex } from "./contact-index.ts";
import { type ContactRecord, foldContact, foldContactTurn, newContact } from "./contact-record.ts";
import { agentDeadline, contactDeadline, type ExpiryTimes, expiredContacts, isTombstoneExpired } from "./expiry.ts";
import { isNewerListing, type Listing } from "./listing.ts";
import type { StateEvents, StateStore, StoredState } from "./ports.ts";
import { deriveAgent, heldContacts, isOutlived } from "./public-agent.ts";
import { foldTurn, type ReadableTranscript, Transcripts, toTurn } from "./transcripts.ts";

export interface AppliedBatch {
  accepted: number;
  stale: number;
  /** The contacts of the batch that are watched. */
  watched: string[];
  /** When {@link ContactCenterState.expire} has something to do about the batch, epoch ms; null = never. */
  wakeAt: number | null;
}

/** The agents and contacts that one batch touched. They are settled once, at the end of the batch. */
class TouchedByBatch {
  readonly agents = new Set<string>();
  /** Contact -> whether its row must be written. */
  readonly contacts = new Map<string, boolean>();
  readonly turns = new Map<string, ContactTurn[]>();
  readonly ended = new Set<string>();
  /** Contacts of the agents as they were before the batch. Another agent may still hold one that was let go. */
  readonly heldBefore = new Set<string>();
}

/** Decides what every update means for the board. It holds no clock: `now` is epoch milliseconds. */
export class ContactCenterState {
  readonly board: Board;
  readonly #agents: Collection<AgentRow>;
  readonly #store: StateStore;
  readonly #events: StateEvents;
  readonly #times: ExpiryTimes;
  readonly #records = new Map<string, AgentRecord>();
  /** The records as they are stored. */
  readonly #saved = new Map<string, AgentRecord>();
  readonly #contacts = new ContactIndex();
  readonly #assignments = new ContactAssignments();
  readonly #transcripts: Transcripts;
  #listing: Listing;

  constructor(state: StoredState, store: StateStore, events: StateEvents, times: ExpiryTimes) {
    this.#store = store;
    this.#events = events;
    this.#times = times;
    this.#listing = state.listing;
    this.board = new Board(state.epoch, state.oldestResumableSeq, state.oldestResumableSeq);
    this.#agents = this.board.addCollection(AGENTS);
    for (const { record, row } of state.agents) {
      this.#saved.set(record.agentId, record);
      this.#setRecord(withListing(record, state.listing));
      if (row !== null) this.#agents.restoreRow(row);
    }
    for (const contact of state.contacts) this.#contacts.saveRecord(contact);
    const groupsOfAgent = (agentId: string) => this.#row(agentId)?.groups ?? [];
    this.#transcripts = new Transcripts(store, groupsOfAgent, this.#contacts, this.#assignments);
  }

  /** How many agents are on the board. */
  get agentCount(): number {
    return this.#agents.visible(null).length;
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedBatch {
    const batch = new TouchedByBatch();
    let accepted = 0;
    for (const update of updates) if (this.#fold(update, batch, now)) accepted += 1;

    for (const agentId of batch.agents) this.#settleAgent(agentId, now);
    for (const [contactId, write] of batch.contacts) this.#settleContact(contactId, write);
    const held = new Set([...batch.heldBefore, ...this.#heldBy(batch.agents)]);
    for (const contactId of held) if (!batch.contacts.has(contactId)) this.#settleContact(contactId, false);
    // Most posts are about agents alone. They must not cost by the number of watched contacts.
    const watchedHere = batch.contacts.size === 0 ? new Set<string>() : this.#publishTurns(batch, watched);
    return {
      accepted,
      stale: updates.length - accepted,
      watched: [...watchedHere],
      wakeAt: this.#nextDeadline(batch.agents, batch.contacts.keys()),
    };
  }

  /** The turns so far, as a viewer that begins to watch gets them. */
  transcript(contactId: string): ReadableTranscript {
    return this.#transcripts.transcript(contactId);
  }

  /** Who may read the contact: the groups of the agents that hold (or held last) it. */
  contactGroups(contactId: string): readonly string[] {
    return this.#transcripts.groupsOf(contactId);
  }

  /** Marks agents stale, and lets contacts, turns and tombstones expire. */
  expire(now: number): void {
    for (const contact of [...this.#contacts.records()]) {
      if (contactDeadline(contact, this.#times) <= now) this.#deleteContact(contact, now);
    }
    for (const record of [...this.#records.values()]) {
      if (isTombstoneExpired(record, this.#row(record.agentId), this.#times, now)) {
        this.#deleteAgent(record.agentId);
        continue;
      }
      const expired = expiredContacts(record, heldContacts(record, this.#listing), this.#times, now);
      if (expired.length > 0) this.#setRecord({ ...record, expiredContacts: [...record.expiredContacts, ...expired] });
      this.#settleAgent(record.agentId, now);
    }
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. */
  nextWake(): number | null {
    return this.#nextDeadline(
      this.#records.keys(),
      [...this.#contacts.records()].map((contact) => contact.contactId),
    );
  }

  #fold(update: Update, batch: TouchedByBatch, now: number): boolean {
    switch (update.type) {
      case "agent.state":
        return this.#foldAgent(foldState(this.#record(update.agentId), update, now), batch);
      case "agent.heartbeat":
        return this.#foldAgent(foldHeartbeat(this.#record(update.agentId), update.occurredAt), batch);
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
        const before = this.#contacts.record(update.contactId) ?? newContact(update.contactId);
        const folded = foldContactTurn(before, update, news, now);
        if (folded === null) return false;
        // One more turn is not worth a row of the contact.
        const write = !before.hasTurns || folded.initialContactId !== before.initialContactId;
        this.#setContact(before, folded, batch, write);
        return true;
      }
      case "contact.sentiment":
      case "contact.category":
      case "contact.ended": {
        const before = this.#contacts.record(update.contactId) ?? newContact(update.contactId);
        const folded = foldContact(before, update, now);
        if (folded === null) return false;
        this.#setContact(before, folded, batch, true);
        if (update.type === "contact.ended") batch.ended.add(update.contactId);
        return true;
      }
    }
  }

  #foldAgent(folded: AgentRecord | null, batch: TouchedByBatch): boolean {
    if (folded === null) return false;
    for (const contactId of this.#heldBy([folded.agentId])) batch.heldBefore.add(contactId);
    this.#setRecord(folded);
    batch.agents.add(folded.agentId);
    return true;
  }

  #foldSnapshot(update: RosterSnapshot, batch: TouchedByBatch, now: number): boolean {
    let news = false;
    for (const entry of update.agents) {
      if (this.#foldAgent(foldListed(this.#record(entry.agentId), entry, update.takenAt, now), batch)) news = true;
    }
    const listing = { takenAt: update.takenAt, agentIds: new Set(update.agents.map((entry) => entry.agentId)) };
    if (!isNewerListing(listing, this.#listing)) return news;
    this.#listing = listing;
    this.#store.saveListing(listing);
    for (const record of this.#records.values()) this.#foldAgent(record, batch);
    return true;
  }

  #record(agentId: string): AgentRecord {
    return this.#records.get(agentId) ?? newRecord(agentId);
  }

  #row(agentId: string): AgentRow | null {
    return this.#agents.row(agentId)?.value ?? null;
  }

  #setRecord(record: AgentRecord): void {
    this.#records.set(record.agentId, record);
    this.#assignments.assign(record.agentId, heldContacts(record, this.#listing));
  }

  #setContact(before: ContactRecord, record: ContactRecord, batch: TouchedByBatch, write: boolean): void {
    this.#contacts.saveRecord(record);
    batch.contacts.set(record.contactId, write || batch.contacts.get(record.contactId) === true);
    if (!write) return;
    for (const contact of [before, record]) for (const agentId of this.#assignments.agentsOf(contact)) batch.agents.add(agentId);
  }

  /** The known contacts that the agents hold. */
  #heldBy(agentIds: Iterable<string>): Set<string> {
    const held = new Set<string>();
    for (const agentId of agentIds) {
      for (const contact of this.#assignments.contactsOf(agentId)) {
        for (const { contactId } of this.#contacts.matches(contact)) held.add(contactId);
      }
    }
    return held;
  }

  #settleContact(contactId: string, write: boolean): void {
    const record = this.#contacts.record(contactId);
    if (record === undefined) return;
    const groups = [...this.#transcripts.groupsOf(contactId)];
    const moved = groups.join("\n") !== record.groups.join("\n");
    const settled = moved ? { ...record, groups } : record;
    this.#contacts.saveRecord(settled);
    if (write || moved) this.#store.saveContact(settled);
  }

  /** Derives the agent anew, writes its row if anything worth keeping changed, and publishes what changed in public. */
  #settleAgent(agentId: string, now: number): void {
    const record = this.#record(agentId);
    const stale = newsAt(record) + this.#times.staleAfterMs <= now;
    const change = this.#agents.change(agentId, deriveAgent(record, this.#listing, this.#contacts, stale));
    if (change !== undefined) this.#events.rowChanged(change);
    else if (this.#isStored(record)) return;
    this.#store.saveAgent(record, this.#agents.row(agentId));
    this.#saved.set(agentId, record);
  }

  /**
   * Whether storage has all of the record but the time of its newest news. That time may be half the stale limit too old, because
   * rows cost money and an idle agent sends a heartbeat every two minutes. No agent looks stale or signed out after a restart.
   */
  #isStored(record: AgentRecord): boolean {
    const saved = this.#saved.get(record.agentId);
    if (saved === undefined) return false;
    const { takenAt, agentIds } = this.#listing;
    if (newsAt(saved) < takenAt && takenAt <= newsAt(record) && !agentIds.has(record.agentId)) return false;
    return newsAt(record) - newsAt(saved) <= this.#times.staleAfterMs / 2 && sameButSeen(saved, record);
  }

  /** Publishes new turns and ends to the viewers that watch. Returns the watched contacts of the batch. */
  #publishTurns(batch: TouchedByBatch, watched: ReadonlySet<string>): Set<string> {
    const watchedHere = new Set<string>();
    for (const watchedId of watched) {
      const source = this.#transcripts.sourceOf(watchedId)?.contactId ?? watchedId;
      for (const contactId of [source, watchedId]) if (batch.contacts.has(contactId)) watchedHere.add(contactId);
      const turns = batch.turns.get(source) ?? [];
      if (turns.length === 0 && !batch.ended.has(source) && !batch.ended.has(watchedId)) continue;
      const complete = this.#transcripts.isComplete(watchedId);
      this.#events.turnsAdded(watchedId, turns.map(toTurn), complete, this.#transcripts.groupsOf(watchedId));
    }
    return watchedHere;
  }

  #deleteContact(contact: ContactRecord, now: number): void {
    this.#store.deleteContact(contact.contactId);
    this.#contacts.deleteRecord(contact.contactId);
    const agents = [...this.#assignments.agentsOf(contact)].map((agentId) => this.#record(agentId));
    if (!agents.some((record) => isOutlived(record, this.#listing, contact))) return;
    // Without this record the call would seem to go on again.
    const end = { ...contact, hasTurns: false, receivedAt: now };
    this.#contacts.saveRecord(end);
    this.#store.saveContact(end);
  }

  #deleteAgent(agentId: string): void {
    this.#agents.deleteTombstone(agentId);
    this.#records.delete(agentId);
    this.#saved.delete(agentId);
    this.#store.deleteAgent(agentId, this.board.oldestResumableSeq);
  }

  #nextDeadline(agentIds: Iterable<string>, contactIds: Iterable<string>): number | null {
    let next = Number.POSITIVE_INFINITY;
    for (const agentId of agentIds) {
      const record = this.#records.get(agentId);
      if (record === undefined) continue;
      const held = heldContacts(record, this.#listing);
      next = Math.min(next, agentDeadline(record, this.#row(agentId), held, this.#times));
    }
    for (const contactId of contactIds) {
      const contact = this.#contacts.record(contactId);
      if (contact !== undefined) next = Math.min(next, contactDeadline(contact, this.#times));
    }
    return Number.isFinite(next) ? next : null;
  }
}
