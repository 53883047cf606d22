import type { WaitingContact } from "../../protocol/queue.ts";
import type { ContactQueue } from "../../protocol/queue-updates.ts";
import type { AgentContact } from "../../protocol/updates.ts";
import { AgentContacts, type Talk, talksOf } from "./agent-contacts.ts";
import { LegIndex, type WaitingLeg } from "./leg-index.ts";
import { askedQueue, currentStay, expectedQueue, stayFigures } from "./leg-state.ts";
import type { QueueStore, StoredQueues } from "./ports.ts";
import { CONFIRM_EVERY_MS, isLegExpired, LEG_IN_MEMORY_MS, LEG_STORED_MS } from "./queue-expiry.ts";
import { foldContactQueue, foldOrigin, foldSuccessor, foldTalk, type QueueLeg } from "./queue-leg.ts";
import { QueueQuarters } from "./queue-quarters.ts";

/** Viewers get at most so many contacts of a queue that they watch. */
const MAX_WAITING_CONTACTS = 200;

/** The contacts in all queues: their legs, the quarters that they are counted in, and the agents at whom they ring. */
export class QueueTraffic {
  readonly legs: LegIndex;
  readonly quarters: QueueQuarters;
  readonly #agents = new AgentContacts();
  readonly #store: QueueStore;
  /** Queues whose contacts or figures changed since they were asked for. */
  readonly #changed = new Map<string, number>();
  #lastOverAt: number;

  constructor(store: QueueStore, stored: StoredQueues) {
    this.#store = store;
    this.legs = new LegIndex(store, stored.legs);
    this.quarters = new QueueQuarters(stored.quarters);
    this.#lastOverAt = stored.lastOverAt;
  }

  /** Whether nothing is kept that {@link expire} will delete one day. */
  get isEmpty(): boolean {
    return this.legs.isEmpty && this.quarters.isEmpty && this.#lastOverAt === 0;
  }

  /** Folds the news of one contact. Returns whether it is news. */
  foldContact(update: ContactQueue, now: number): boolean {
    const asked = askedQueue(update);
    // Also an update that is overtaken shows that its queue is in use, so the order does not matter.
    if (asked !== null) this.#noteQueue(asked, Math.min(update.occurredAt, now));
    const before = this.legs.legOrNew(update.contactId);
    const folded = foldContactQueue(before, update, now);
    if (folded === null) {
      this.#confirm(before, now);
      return false;
    }
    const talkedAt = this.#agents.earlyTalk(update.contactId);
    this.replace(before, (talkedAt === null ? null : foldTalk(folded, talkedAt, now)) ?? folded, now);
    return true;
  }

  /** Notes that an agent talks on a contact. */
  noteTalk(talk: Talk, now: number): void {
    if (!this.#agents.noteEarlyTalk(talk)) return;
    const leg = this.legs.leg(talk.contactId);
    const folded = leg === undefined ? null : foldTalk(leg, talk.talkedAt, now);
    if (leg !== undefined && folded !== null) this.replace(leg, folded, now);
  }

  /** Replaces the contacts that an agent holds. */
  assignContacts(agentId: string, contacts: readonly AgentContact[], now: number): void {
    for (const talk of talksOf(contacts)) this.noteTalk(talk, now);
    for (const contactId of this.#agents.assignContacts(agentId, contacts)) {
      const leg = this.legs.leg(contactId);
      if (leg !== undefined) this.#noteQueues(leg);
    }
  }

  /** Replaces a leg, and what it adds to the figures of its queues. */
  replace(before: QueueLeg, after: QueueLeg, now: number): void {
    this.quarters.replace(stayFigures(before), stayFigures(after), now);
    const kept = this.legs.replaceLeg(after, now);
    this.#lastOverAt = Math.max(this.#lastOverAt, kept.overAt ?? 0);
    this.#noteQueues(before);
    this.#noteQueues(kept);
    this.#linkNeighbours(kept, now);
  }

  isRinging(contactId: string): boolean {
    return this.#agents.isRinging(contactId);
  }

  /** The contacts that wait in the queue, those first that have waited longest. */
  waitingContacts(queueId: string): WaitingContact[] {
    const waiting = [...this.legs.waitingIn(queueId)].map((waiting) => this.#waitingContact(waiting));
    return waiting.sort((a, b) => a.since - b.since || (a.contactId < b.contactId ? -1 : 1)).slice(0, MAX_WAITING_CONTACTS);
  }

  /** Gives up contacts of which nothing was heard for too long, and forgets what is over and has been counted. */
  expire(now: number): void {
    for (const leg of [...this.legs.legs()]) if (isLegExpired(leg, now)) this.replace(leg, { ...leg, closedAt: now }, now);
    this.legs.forgetOver(now - LEG_IN_MEMORY_MS);
    this.#store.deleteQueueLegs(now - LEG_STORED_MS);
    if (this.#lastOverAt < now - LEG_STORED_MS) this.#lastOverAt = 0;
    this.#store.deleteQuarters(this.quarters.forgetOld(now));
  }

  /** Returns the queues with news since the last call, each with the time at which a contact was put into it last. */
  drainChanged(): ReadonlyMap<string, number> {
    const changed = new Map(this.#changed);
    this.#changed.clear();
    return changed;
  }

  save(): void {
    this.legs.save();
    for (const quarter of this.quarters.drainUnsaved()) this.#store.saveQuarter(quarter);
  }

  /** A contact of which the same is said again is still there. */
  #confirm(leg: QueueLeg, now: number): void {
    const isDoubted = leg.contradictedAt !== null || leg.closedAt !== null;
    if (!isDoubted && now - leg.receivedAt < CONFIRM_EVERY_MS) return;
    this.replace(leg, { ...leg, receivedAt: now, contradictedAt: null, closedAt: null }, now);
  }

  /** A leg changes how the one before it ended, and a callback without a queue belongs to that in which it was asked for. */
  #linkNeighbours(leg: QueueLeg, now: number): void {
    if (leg.previousContactId !== null && leg.previousContactId !== leg.contactId) {
      const previous = this.legs.legOrNew(leg.previousContactId);
      const folded = foldSuccessor(previous, leg, now);
      if (folded !== null) this.replace(previous, folded, now);
    }
    if (leg.callbackId === null) return;
    const stay = currentStay(leg);
    const callback = this.legs.leg(leg.callbackId);
    const placed = stay === null || callback === undefined ? null : foldOrigin(callback, stay.queueId);
    if (callback !== undefined && placed !== null) this.replace(callback, placed, now);
  }

  #noteQueues(leg: QueueLeg): void {
    for (const { queueId, last, ofAgent } of leg.stays) {
      if (!ofAgent) this.#noteQueue(queueId, last);
    }
    const expected = expectedQueue(leg);
    if (expected !== null) this.#noteQueue(expected, leg.receivedAt);
  }

  #noteQueue(queueId: string, usedAt: number): void {
    this.#changed.set(queueId, Math.max(this.#changed.get(queueId) ?? 0, usedAt));
  }

  #waitingContact({ leg, since }: WaitingLeg): WaitingContact {
    const { contactId, channel, method } = leg;
    const ringingAt = this.#agents.ringingAt(contactId);
    return { contactId, channel: channel ?? "voice", since, ringingAt, callback: method === "callback" };
  }
}
