import { Multimap } from "../board/multimap.ts";
import { currentStay, enqueuedSince, isOver, legState, scheduledQueue } from "./leg-state.ts";
import type { QueueStore } from "./ports.ts";
import { newLeg, type QueueLeg, type QueueStay } from "./queue-leg.ts";

/** A contact that waits in a queue. */
export interface WaitingLeg {
  readonly leg: QueueLeg;
  /** Since when it waits, epoch ms. */
  readonly since: number;
}

/** The legs by contact, and which of them wait or are scheduled in which queue. Legs that are over are read from the store. */
export class LegIndex {
  readonly #store: QueueStore;
  readonly #legs = new Map<string, QueueLeg>();
  /** Queue -> contact. A queue of a bad hour has hundreds of them, and each of its events reads all. */
  readonly #waiting = new Map<string, Map<string, WaitingLeg>>();
  readonly #scheduled = new Multimap<string, string>();
  readonly #unsaved = new Set<string>();

  constructor(store: QueueStore, open: Iterable<QueueLeg>) {
    this.#store = store;
    for (const leg of open) this.#keep(leg);
  }

  /** How many legs are not over. */
  get openCount(): number {
    let open = 0;
    for (const leg of this.#legs.values()) if (!isOver(leg)) open += 1;
    return open;
  }

  /** The leg of a contact; undefined = nothing is known of it. */
  leg(contactId: string): QueueLeg | undefined {
    const known = this.#legs.get(contactId);
    if (known !== undefined) return known;
    const stored = this.#store.queueLeg(contactId) ?? undefined;
    if (stored !== undefined) this.#legs.set(contactId, stored);
    return stored;
  }

  legOrNew(contactId: string): QueueLeg {
    return this.leg(contactId) ?? newLeg(contactId);
  }

  /** All legs in memory. */
  legs(): Iterable<QueueLeg> {
    return this.#legs.values();
  }

  /** Replaces a leg, and notes that storage lacks it. `now` is the hub's clock. */
  replaceLeg(leg: QueueLeg, now: number): QueueLeg {
    const overAt = isOver(leg) ? (leg.overAt ?? now) : null;
    const kept = leg.overAt === overAt ? leg : { ...leg, overAt };
    const before = this.#legs.get(leg.contactId);
    if (before !== undefined) this.#dropFromQueues(before);
    this.#keep(kept);
    this.#unsaved.add(leg.contactId);
    return kept;
  }

  /** The contacts that wait in the queue. */
  waitingIn(queueId: string): Iterable<WaitingLeg> {
    return this.#waiting.get(queueId)?.values() ?? [];
  }

  isWaitedIn(queueId: string): boolean {
    return this.#waiting.has(queueId);
  }

  get isEmpty(): boolean {
    return this.#legs.size === 0;
  }

  /** How many callbacks and tasks are scheduled for the queue. */
  scheduledIn(queueId: string): number {
    return [...this.#scheduled.valuesOf(queueId)].length;
  }

  /** Forgets the legs that were over before `before`. The store still has them. */
  forgetOver(before: number): void {
    for (const leg of this.#legs.values()) if (leg.overAt !== null && leg.overAt < before) this.#legs.delete(leg.contactId);
  }

  /** Writes the legs that changed. */
  save(): void {
    for (const contactId of this.#unsaved) {
      const leg = this.#legs.get(contactId);
      if (leg !== undefined) this.#store.saveQueueLeg(leg);
    }
    this.#unsaved.clear();
  }

  #keep(leg: QueueLeg): void {
    this.#legs.set(leg.contactId, leg);
    const stay = waitingStay(leg);
    if (stay !== null) {
      const waiting = this.#waiting.get(stay.queueId) ?? new Map<string, WaitingLeg>();
      this.#waiting.set(stay.queueId, waiting.set(leg.contactId, { leg, since: enqueuedSince(leg, stay) }));
    }
    const scheduled = scheduledQueue(leg);
    if (scheduled !== null) this.#scheduled.addValue(scheduled, leg.contactId);
  }

  #dropFromQueues(leg: QueueLeg): void {
    const stay = waitingStay(leg);
    const waiting = stay === null ? undefined : this.#waiting.get(stay.queueId);
    waiting?.delete(leg.contactId);
    if (stay !== null && waiting?.size === 0) this.#waiting.delete(stay.queueId);
    const scheduled = scheduledQueue(leg);
    if (scheduled !== null) this.#scheduled.deleteValue(scheduled, leg.contactId);
  }
}

/** The queue in which the contact waits; null = it waits nowhere, or for one agent alone. */
function waitingStay(leg: QueueLeg): QueueStay | null {
  const stay = currentStay(leg);
  return stay === null || stay.ofAgent || legState(leg) !== "waiting" ? null : stay;
}
