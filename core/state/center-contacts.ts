import type { ContactTurn } from "../../protocol/updates.ts";
import { BoundedTurns } from "./bounded-turns.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import type { ContactIndex } from "./contact-index.ts";
import {
  type ContactFact,
  type ContactRecord,
  foldContact,
  foldContactTurn,
  isTurnWorthARow,
  newContact,
} from "./contact-record.ts";
import { type ContactStanding, contactAfterExpiry, contactDeadline, type ExpiryTimes } from "./expiry.ts";
import type { OngoingTalk } from "./ongoing-talk.ts";
import type { StateEvents, StateStore } from "./ports.ts";
import type { TouchedByBatch } from "./touched-by-batch.ts";
import { isWritten } from "./transcription.ts";
import { type Transcripts, toTurn } from "./transcripts.ts";

/** What the contacts are found by and depend on. */
interface ContactSurroundings {
  readonly index: ContactIndex;
  readonly assignments: ContactAssignments;
  readonly talk: OngoingTalk;
  readonly transcripts: Transcripts;
  readonly store: StateStore;
  readonly events: StateEvents;
  readonly times: ExpiryTimes;
}

/** Decides what updates and time mean for contacts, and which of their rows to write. */
export class CenterContacts {
  readonly #index: ContactIndex;
  readonly #assignments: ContactAssignments;
  readonly #talk: OngoingTalk;
  readonly #transcripts: Transcripts;
  readonly #store: StateStore;
  readonly #events: StateEvents;
  readonly #times: ExpiryTimes;
  readonly #turns: BoundedTurns;
  /** Contact -> final turns of the customer. Storage counts them when somebody first asks. */
  readonly #customerTurns = new Map<string, number>();

  constructor({ index, assignments, talk, transcripts, store, events, times }: ContactSurroundings) {
    this.#index = index;
    this.#assignments = assignments;
    this.#talk = talk;
    this.#transcripts = transcripts;
    this.#store = store;
    this.#events = events;
    this.#times = times;
    this.#turns = new BoundedTurns(store);
  }

  /** Returns whether the turn was news. */
  foldTurn(update: ContactTurn, batch: TouchedByBatch, now: number): boolean {
    batch.named.add(update.contactId);
    const before = this.#record(update.contactId);
    const { news, replaced, droppedUntil } = this.#turns.fold(update, before.channel, before.turnsDroppedUntil);
    if (news) {
      batch.turns.set(update.contactId, [...(batch.turns.get(update.contactId) ?? []), update]);
      const counted = this.#customerTurns.get(update.contactId);
      if (droppedUntil > 0) this.#customerTurns.delete(update.contactId);
      else if (counted !== undefined) {
        this.#customerTurns.set(update.contactId, counted + countOf(update) - (replaced === null ? 0 : countOf(replaced)));
      }
    }
    const folded = foldContactTurn(before, update, news, now, droppedUntil);
    if (folded === null) return false;
    // A turn that is not stored leaves no other trace of the talk.
    this.#setContact(before, folded, batch, !news || isTurnWorthARow(before, folded));
    if (news && update.final) for (const agentId of this.#assignments.agentsOf(folded)) batch.talking.add(agentId);
    // An older version of a turn may still show that the talk went on, but it is no news of the turn.
    return news || folded.initialContactId !== before.initialContactId;
  }

  /** Returns whether the update was news. */
  foldFact(update: ContactFact, batch: TouchedByBatch, now: number): boolean {
    batch.named.add(update.contactId);
    const before = update.type === "contact.ended" ? this.#withStoredTalk(update.contactId) : this.#record(update.contactId);
    const folded = foldContact(before, update, now);
    if (folded === null) return false;
    if (update.type === "contact.ended") {
      batch.ended.add(update.contactId);
      this.#talk.noteOutlasted(this.#index.matches(folded), batch.outlastedBefore);
    }
    this.#setContact(before, folded, batch, true);
    return true;
  }

  #record(contactId: string): ContactRecord {
    return this.#index.record(contactId) ?? newContact(contactId);
  }

  /** Most turns write no row of their contact. So after a restart the turns themselves say until when the talk went on. */
  #withStoredTalk(contactId: string): ContactRecord {
    const record = this.#record(contactId);
    if (!record.hasTurns) return record;
    const talkedUntil = this.#store
      .turns(contactId)
      .reduce((newest, turn) => Math.max(newest, turn.occurredAt), record.talkedUntil);
    return talkedUntil === record.talkedUntil ? record : { ...record, talkedUntil };
  }

  /** How many final turns of the customer are stored. */
  customerTurns(contactId: string): number {
    const known = this.#customerTurns.get(contactId) ?? this.#store.customerTurns(contactId);
    this.#customerTurns.set(contactId, known);
    return known;
  }

  /** Notes the contacts that an agent holds. Call before the agent's news is folded: it may let them go. */
  noteHeld(agentId: string, batch: TouchedByBatch): void {
    batch.mayMoveContacts = true;
    const held = this.#talk.heldBy([agentId]);
    for (const { contactId } of held) batch.heldBefore.add(contactId);
    this.#talk.noteOutlasted(held, batch.outlastedBefore);
    batch.lastAssignments.noteHeld(this.#assignments.contactsOf(agentId), this.#talk.groupsOf(agentId));
  }

  /** Settles the contacts of a batch once its agents are settled. */
  settle(batch: TouchedByBatch, now: number): void {
    for (const record of batch.lastAssignments.missingRecords((id) => this.#index.record(id), this.#assignments, now)) {
      this.#saveContact(record);
      batch.contacts.set(record.contactId, batch.contacts.get(record.contactId) ?? false);
    }
    for (const [contactId, write] of batch.contacts) this.#settleContact(contactId, write, batch.mayMoveContacts);
    if (batch.mayMoveContacts) {
      const held = new Set([...batch.heldBefore, ...this.#talk.heldBy(batch.agents).map(({ contactId }) => contactId)]);
      for (const contactId of held) if (!batch.contacts.has(contactId)) this.#settleContact(contactId, false, true);
    }
    for (const contactId of batch.outlastedBefore) this.#noteEndOfCall(contactId, batch, now);
  }

  /** Publishes new turns and ends to the viewers that watch. Returns the watched contacts of the batch. */
  publishTurns(batch: TouchedByBatch, watched: ReadonlySet<string>): Set<string> {
    const watchedHere = new Set<string>();
    // Most posts are about agents alone. They must not cost by the number of watched contacts.
    if (batch.contacts.size + batch.named.size === 0) return watchedHere;
    for (const watchedId of watched) {
      const source = this.#transcripts.sourceOf(watchedId)?.contactId ?? watchedId;
      for (const contactId of [source, watchedId]) if (batch.named.has(contactId)) watchedHere.add(contactId);
      const turns = batch.turns.get(source) ?? [];
      if (turns.length === 0 && !batch.ended.has(source) && !batch.ended.has(watchedId)) continue;
      const complete = this.#transcripts.isComplete(watchedId);
      this.#events.turnsAdded(watchedId, turns.map(toTurn), complete, this.#transcripts.groupsOf(watchedId));
    }
    return watchedHere;
  }

  /** Marks transcriptions lost, and lets contacts and their turns expire. */
  expire(now: number): ReadonlySet<string> {
    const agentIds = new Set<string>();
    for (const contact of [...this.#index.records()]) {
      const after = contactAfterExpiry(contact, this.#standingOf(contact), this.#times, now);
      if (after === contact) continue;
      for (const agentId of this.#assignments.agentsOf(contact)) agentIds.add(agentId);
      if (after === null) this.#deleteContact(contact, now);
      else this.#saveContact(after);
    }
    return agentIds;
  }

  /** When {@link expire} has something to do about one of these contacts, epoch ms; infinity = never. */
  nextDeadline(contactIds: Iterable<string>): number {
    let next = Number.POSITIVE_INFINITY;
    for (const contactId of contactIds) {
      const contact = this.#index.record(contactId);
      if (contact !== undefined) next = Math.min(next, contactDeadline(contact, this.#standingOf(contact), this.#times));
    }
    return next;
  }

  #standingOf(contact: ContactRecord): ContactStanding {
    const channels = this.#assignments.channelsOf(contact);
    const written = channels.length === 0 ? isWritten(contact.channel) : channels.every(isWritten);
    return { outlasted: this.#talk.isOutlasted(contact), written };
  }

  #setContact(before: ContactRecord, record: ContactRecord, batch: TouchedByBatch, write: boolean): void {
    const isNew = this.#index.record(record.contactId) === undefined;
    if (isNew || before.initialContactId !== record.initialContactId) batch.mayMoveContacts = true;
    this.#index.saveRecord(record);
    batch.contacts.set(record.contactId, write || batch.contacts.get(record.contactId) === true);
    if (!write) return;
    for (const contact of [before, record]) {
      for (const agentId of this.#assignments.agentsOf(contact)) {
        batch.agents.add(agentId);
        batch.carriers.set(agentId, record.contactId);
      }
    }
  }

  /** The end of a call is the end of its earlier contacts too: their turns can still be read for a while. */
  #noteEndOfCall(contactId: string, batch: TouchedByBatch, now: number): void {
    const contact = this.#index.record(contactId);
    if (contact === undefined || this.#talk.isOutlasted(contact)) return;
    this.#saveContact({ ...contact, receivedAt: now });
    batch.contacts.set(contactId, true);
    batch.ended.add(contactId);
  }

  #settleContact(contactId: string, write: boolean, mayMove: boolean): void {
    const record = this.#index.record(contactId);
    if (record === undefined) return;
    const settled = mayMove ? this.#settled(record) : record;
    if (settled !== record) this.#index.saveRecord(settled);
    if (write || settled !== record) this.#store.saveContact(settled);
  }

  /** Returns the record with the groups and the channel of the agents that hold the contact now; itself if it has them. */
  #settled(record: ContactRecord): ContactRecord {
    const groups = [...this.#transcripts.groupsOf(record.contactId)];
    const channel = this.#assignments.channelsOf(record)[0] ?? record.channel;
    const isSame = groups.join("\n") === record.groups.join("\n") && channel === record.channel;
    return isSame ? record : { ...record, groups, channel };
  }

  #saveContact(record: ContactRecord): void {
    this.#index.saveRecord(record);
    this.#store.saveContact(record);
  }

  #deleteContact(contact: ContactRecord, now: number): void {
    this.#events.contactExpired?.(contact);
    this.#store.deleteContact(contact.contactId);
    this.#turns.forgetContact(contact.contactId);
    this.#index.deleteRecord(contact.contactId);
    this.#customerTurns.delete(contact.contactId);
    if (!this.#talk.isOutlived(contact)) return;
    // Without this record the call would seem to go on again.
    const { customerWait, turnsDroppedUntil } = newContact(contact.contactId);
    const forgotten = { hasTurns: false, transcription: null, customerWait, turnsDroppedUntil };
    this.#saveContact({ ...contact, ...forgotten, receivedAt: now });
  }
}

/** Returns 1 for final words of the customer, else 0. A final turn without words was withdrawn. */
function countOf({ role, final, text }: ContactTurn): number {
  return role === "customer" && final && text !== "" ? 1 : 0;
}
