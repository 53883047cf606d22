import { doubtsAbout, isGivenUp, MAX_SUSPECTS } from "./healing.ts";
import type { QueueLeg } from "./queue-leg.ts";
import type { QueueRecord } from "./queue-record.ts";
import type { QueueTraffic } from "./queue-traffic.ts";

/** What the snapshots of Amazon Connect show of the contacts that the hub knows. */
export class SnapshotHealing {
  readonly #traffic: QueueTraffic;
  #contradicted: QueueLeg[] = [];
  #surplus: QueueLeg[] = [];
  /** Contact -> when the sender was asked to look, on the hub's clock. */
  readonly #askedAt = new Map<string, number>();
  /** Queue -> by how many the hub and the newest snapshot differ. */
  readonly #differences = new Map<string, number>();

  constructor(traffic: QueueTraffic) {
    this.#traffic = traffic;
  }

  /** The number of waiting contacts by which hub and snapshots differ, over all queues. */
  get difference(): number {
    return [...this.#differences.values()].reduce((sum, difference) => sum + difference, 0);
  }

  /** Compares the contacts of one queue with its newest figures, and gives up those that two snapshots in a row contradict. */
  compareQueue(record: QueueRecord, now: number): void {
    const waiting = [...this.#traffic.legs.waitingIn(record.queueId)].map(({ leg }) => leg);
    const contradicted = new Set<QueueLeg>();
    let difference = 0;
    for (const figures of record.channels) {
      const inChannel = waiting.filter(({ channel }) => channel === figures.channel);
      difference += figures.waiting === null ? 0 : Math.abs(inChannel.length - figures.waiting);
      const doubts = doubtsAbout(inChannel, figures, record.takenAt, (contactId) => this.#traffic.isRinging(contactId));
      for (const leg of doubts.contradicted) contradicted.add(leg);
      this.#surplus.push(...doubts.surplus);
    }
    this.#differences.set(record.queueId, difference);
    for (const leg of waiting) this.#judge(leg, contradicted.has(leg), record.takenAt, now);
  }

  forgetQueue(queueId: string): void {
    this.#differences.delete(queueId);
  }

  /** Returns the contacts that the sender should ask Amazon Connect about, those first that it was asked about least recently. */
  drainSuspects(now: number): string[] {
    const all = [...this.#contradicted, ...this.#surplus].map(({ contactId }) => contactId);
    this.#contradicted = [];
    this.#surplus = [];
    for (const contactId of this.#askedAt.keys()) if (!all.includes(contactId)) this.#askedAt.delete(contactId);
    const suspects = all.sort((a, b) => (this.#askedAt.get(a) ?? 0) - (this.#askedAt.get(b) ?? 0)).slice(0, MAX_SUSPECTS);
    for (const contactId of suspects) this.#askedAt.set(contactId, now);
    return suspects;
  }

  #judge(leg: QueueLeg, isContradicted: boolean, takenAt: number, now: number): void {
    if (!isContradicted) {
      if (leg.contradictedAt !== null) this.#traffic.replace(leg, { ...leg, contradictedAt: null }, now);
    } else if (isGivenUp(leg, takenAt)) {
      this.#traffic.replace(leg, { ...leg, closedAt: now }, now);
    } else {
      this.#contradicted.push(leg);
      if (leg.contradictedAt === null) this.#traffic.replace(leg, { ...leg, contradictedAt: takenAt }, now);
    }
  }
}
