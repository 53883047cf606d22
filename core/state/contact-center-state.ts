import type { AgentContact, AgentHeartbeat, AgentState, RosterSnapshot, Update } from "../../protocol/updates.ts";
import { Board } from "../board/board.ts";
import type { Collection } from "../board/collection.ts";
import type { GroupFilter } from "../board/visibility.ts";
import {
  type AgentRecord,
  arrivedAt,
  foldHeartbeat,
  foldListed,
  foldRemoval,
  foldState,
  isOvertaken,
  missingAgents,
  newRecord,
  newsAt,
  withListing,
  withOffers,
} from "./agent-record.ts";
import { AGENTS, type AgentRow } from "./agent-row.ts";
import { type AgentTalk, agentTalks } from "./agent-talks.ts";
import { CenterContacts } from "./center-contacts.ts";
import { ContactAssignments } from "./contact-assignments.ts";
import { type ContactIds, ContactIndex } from "./contact-index.ts";
import { ContactListeners } from "./contact-listeners.ts";
import type { ContactRecord } from "./contact-record.ts";
import { effectiveState } from "./effective-state.ts";
import { agentDeadline, type ExpiryTimes, expiredContacts, isForgotten, isRecordExpired } from "./expiry.ts";
import type { Listing } from "./listing.ts";
import { missedInRow } from "./missed-offers.ts";
import { separateMonitored } from "./monitored-contacts.ts";
import { OngoingTalk } from "./ongoing-talk.ts";
import type { StateEvents, StateStore, StoredState, TodayOf } from "./ports.ts";
import { deriveAgent, heldContacts } from "./public-agent.ts";
import { partsOf, RosterLists } from "./roster-lists.ts";
import { SavedRecords } from "./saved-records.ts";
import { type AppliedBatch, TouchedByBatch } from "./touched-by-batch.ts";
import { type ReadableTranscript, Transcripts } from "./transcripts.ts";

/** Decides what every update means for the board. It holds no clock: `now` is epoch milliseconds. */
export class ContactCenterState {
  readonly board: Board;
  readonly #agents: Collection<AgentRow>;
  readonly #store: StateStore;
  readonly #events: StateEvents;
  readonly #times: ExpiryTimes;
  readonly #records = new Map<string, AgentRecord>();
  readonly #saved: SavedRecords;
  readonly #index = new ContactIndex();
  readonly #contacts: CenterContacts;
  readonly #assignments = new ContactAssignments();
  readonly #listeners = new ContactListeners();
  readonly transcripts: Transcripts;
  readonly #lists = new RosterLists();
  readonly #talk: OngoingTalk;
  readonly #todayOf: TodayOf;

  /** @param todayOf the figures of an agent's day. When they change, call {@link settleAgents}. */
  constructor(state: StoredState, store: StateStore, events: StateEvents, times: ExpiryTimes, todayOf: TodayOf = () => null) {
    this.#todayOf = todayOf;
    this.#store = store;
    this.#events = events;
    this.#times = times;
    this.#saved = new SavedRecords(store, times.staleAfterMs);
    for (const part of [...partsOf(state.listing), ...state.listParts]) this.#lists.addPart(part);
    this.board = new Board(state.epoch, state.oldestResumableSeq, state.oldestResumableSeq);
    this.#agents = this.board.addCollection(AGENTS);
    for (const { record, row } of state.agents) {
      this.#saved.noteSaved(record);
      this.#setRecord(withListing(record, this.listing));
      if (row !== null) this.#agents.restoreRow(row);
    }
    for (const contact of state.contacts) this.#index.saveRecord(contact);
    const index = this.#index;
    const assignments = this.#assignments;
    this.#talk = new OngoingTalk(index, assignments, this);
    this.transcripts = new Transcripts(store, (agentId) => this.#row(agentId)?.groups ?? [], index, assignments);
    const { transcripts } = this;
    this.#contacts = new CenterContacts({ index, assignments, talk: this.#talk, transcripts, store, events, times });
  }

  /** The newest complete list of signed-in agents. */
  get listing(): Listing {
    return this.#lists.current;
  }

  /** The agents on the board within the filter. */
  visibleAgents(filter: GroupFilter): AgentRow[] {
    return this.#agents.visible(filter);
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedBatch {
    const batch = new TouchedByBatch();
    let accepted = 0;
    for (const update of updates) if (this.#fold(separateMonitored(update), batch, now)) accepted += 1;

    for (const agentId of batch.agents) this.#settleAgent(agentId, now, batch.carriers.get(agentId));
    this.#contacts.settle(batch, now);
    const watchedHere = this.#contacts.publishTurns(batch, watched);
    return {
      accepted,
      stale: updates.length - accepted,
      watched: [...watchedHere],
      unlisted: batch.reportUnlisted ? missingAgents(this.#records.values(), this.listing).filter((id) => this.#row(id)) : null,
      wakeAt: this.#nextDeadline(batch.agents, batch.contacts.keys()),
      agents: new Set([...batch.agents, ...batch.talking]),
    };
  }

  /** The turns so far, as a viewer that begins to watch gets them. */
  transcript(contactId: string): ReadableTranscript {
    return this.transcripts.transcript(contactId);
  }

  /** Lets all that is over expire, and forgets agents and old lists. Returns the agents of contacts that changed. */
  expire(now: number): ReadonlySet<string> {
    // First, because a contact may stay only as long as an agent talks on it.
    for (const record of [...this.#records.values()]) {
      if (!isForgotten(record, this.#row(record.agentId), this.#times, now)) continue;
      this.#setRecord(foldRemoval(record, newsAt(record), now) ?? record);
      this.#settleAgent(record.agentId, now);
    }
    const agentIds = this.#contacts.expire(now);
    for (const record of [...this.#records.values()]) {
      if (isRecordExpired(record, this.#row(record.agentId), this.#times, now)) {
        this.#deleteAgent(record.agentId);
        continue;
      }
      const expired = expiredContacts(record, heldContacts(record, this.listing), this.#times, now);
      if (expired.length > 0) this.#setRecord({ ...record, expiredContacts: [...record.expiredContacts, ...expired] });
      this.#settleAgent(record.agentId, now);
    }
    // A list stays as long as it may say of an agent that it is signed out.
    if (this.#records.size === 0) this.#lists.deleteAll(this.#store);
    return agentIds;
  }

  /** Derives these agents anew, because something changed that their own news does not tell. */
  settleAgents(agentIds: Iterable<string>, now: number): void {
    for (const agentId of agentIds) if (this.#records.has(agentId)) this.#settleAgent(agentId, now);
  }

  /** What is known of the contacts of a call, the closest first; empty = they have expired, or nothing was told. */
  contactRecords(contact: ContactIds): ContactRecord[] {
    return this.#index.matches(contact);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. */
  nextWake(): number | null {
    const contactIds = [...this.#index.records()].map((contact) => contact.contactId);
    return this.#nextDeadline(this.#records.keys(), contactIds);
  }

  /** The agents of whom anything is known. */
  agentIds(): Iterable<string> {
    return this.#records.keys();
  }

  /** Returns an agent's row, the contacts that it holds, and whether its own status is a custom one, also while it talks. */
  presenceOf(agentId: string): { row: AgentRow | null; contacts: readonly AgentContact[]; isInCustomStatus: boolean } {
    const contacts = this.#assignments.contactsOf(agentId);
    const isInCustomStatus = effectiveState(this.record(agentId), this.listing)?.status.kind === "custom";
    return { row: this.#row(agentId), contacts, isInCustomStatus };
  }

  /** Returns an agent as it stands, when its newest news arrived (epoch ms), and the contacts on which it talks. */
  evidenceOf(agentId: string) {
    const record = this.record(agentId);
    const talks: AgentTalk[] = agentTalks(record, this.listing, this.#index, (contactId) =>
      this.#contacts.customerTurns(contactId),
    );
    return { row: this.#row(agentId), confirmedAt: arrivedAt(record), missedInRow: missedInRow(record), talks };
  }

  /** Returns when the newest news of an agent arrived, by memory and by what storage has of it. Epoch ms. */
  sightingsOf(agentId: string): { confirmedAt: number; storedAt: number } {
    return { confirmedAt: arrivedAt(this.record(agentId)), storedAt: this.#saved.storedAt(agentId) };
  }

  /** Writes the agent's row although it only says that the agent was heard of. */
  saveSighting(agentId: string): void {
    this.#saved.saveAgent(this.record(agentId), this.#agents.row(agentId));
  }

  #fold(update: Update, batch: TouchedByBatch, now: number): boolean {
    switch (update.type) {
      case "agent.state":
        this.#noteOffers(update, batch);
        // Also a state that is too old for everything else says who held a contact.
        batch.lastAssignments.noteHeld(update.contacts, update.groups);
        return this.#foldAgent(foldState(this.record(update.agentId), update, now), batch);
      case "agent.heartbeat":
        this.#noteOffers(update, batch);
        return this.#foldAgent(foldHeartbeat(this.record(update.agentId), update, now), batch);
      case "agent.removed": {
        const record = this.record(update.agentId);
        const folded = this.#foldAgent(foldRemoval(record, update.occurredAt, now), batch);
        return folded && !isOvertaken(record, update.occurredAt);
      }
      case "roster.snapshot":
        return this.#foldSnapshot(update, batch, now);
      case "contact.turn":
        return this.#contacts.foldTurn(update, batch, now);
      case "contact.sentiment":
      case "contact.category":
      case "contact.transcription":
      case "contact.ended":
        return this.#contacts.foldFact(update, batch, now);
      case "contact.queue":
      case "queue.snapshot":
      case "alert.raised":
        return false;
    }
  }

  #noteOffers(update: AgentState | AgentHeartbeat, batch: TouchedByBatch): void {
    const record = this.record(update.agentId);
    const noted = withOffers(record, update);
    if (noted !== record) this.#foldAgent(noted, batch);
  }

  #foldAgent(folded: AgentRecord | null, batch: TouchedByBatch): boolean {
    if (folded === null) return false;
    this.#contacts.noteHeld(folded.agentId, batch);
    for (const contact of this.#setRecord(folded)) {
      for (const agentId of this.#assignments.agentsOf(contact)) batch.agents.add(agentId);
    }
    batch.agents.add(folded.agentId);
    return true;
  }

  #foldSnapshot(update: RosterSnapshot, batch: TouchedByBatch, now: number): boolean {
    let news = false;
    for (const entry of update.agents) {
      if (this.#foldAgent(foldListed(this.record(entry.agentId), entry, update.takenAt, now), batch)) news = true;
    }
    const before = this.listing;
    if (!this.#lists.addSnapshot(update, this.#store)) return news;
    if (this.listing === before) return true;
    if (update.reportUnlisted === true && update.takenAt === this.listing.takenAt) batch.reportUnlisted = true;
    for (const record of this.#records.values()) {
      if (this.#saved.isDecidedAnew(record, before, this.listing)) this.#foldAgent(record, batch);
    }
    return true;
  }

  record(agentId: string): AgentRecord {
    return this.#records.get(agentId) ?? newRecord(agentId);
  }

  #row(agentId: string): AgentRow | null {
    return this.#agents.row(agentId)?.value ?? null;
  }

  /** Returns the contacts whose listeners may look different now. */
  #setRecord(record: AgentRecord): readonly ContactIds[] {
    this.#records.set(record.agentId, record);
    this.#assignments.assign(record.agentId, heldContacts(record, this.listing));
    return this.#listeners.assign(record.agentId, effectiveState(record, this.listing));
  }

  /**
   * Derives the agent anew, writes its row if anything worth keeping changed, and publishes what changed in public.
   * @param carrier a contact of the agent that is about to be written
   */
  #settleAgent(agentId: string, now: number, carrier?: string): void {
    const record = this.record(agentId);
    const stale = newsAt(record) + this.#times.staleAfterMs <= now;
    const today = this.#todayOf(agentId);
    const before = this.#row(agentId);
    const change = this.#agents.change(agentId, deriveAgent(record, this.listing, this.#index, this.#listeners, stale, today));
    if (change !== undefined) this.#events.rowChanged(change);
    this.#saved.saveChanged(record, this.listing, {
      before,
      row: this.#agents.row(agentId),
      fields: change?.fields ?? null,
      carrier,
    });
  }

  #deleteAgent(agentId: string): void {
    this.#agents.deleteTombstone(agentId);
    this.#records.delete(agentId);
    this.#listeners.assign(agentId, null);
    this.#saved.deleteRecord(agentId);
    this.#store.deleteAgent(agentId, this.board.oldestResumableSeq);
  }

  #nextDeadline(agentIds: Iterable<string>, contactIds: Iterable<string>): number | null {
    let next = this.#contacts.nextDeadline(contactIds);
    for (const agentId of agentIds) {
      const record = this.#records.get(agentId);
      if (record === undefined) continue;
      const held = heldContacts(record, this.listing);
      next = Math.min(next, agentDeadline(record, this.#row(agentId), held, this.#times));
    }
    return Number.isFinite(next) ? next : null;
  }
}
