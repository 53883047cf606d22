import type { ContactTurn, Update } from "../../protocol/updates.ts";

/** What the poster needs of the hub. Never throws: what was not delivered is counted. */
export interface HubPort {
  post(updates: readonly Update[]): Promise<{ watched: readonly string[]; undelivered: number }>;
}

/** Partial turns of one contact: two posts a second are as fast as anyone reads. */
const PARTIAL_INTERVAL_MS = 500;

/**
 * Posts one contact's updates in order, one post at a time: what comes up meanwhile goes together in the next. Partial turns
 * go only while somebody watches the contact, at most twice a second and only their newest state.
 */
export class Poster {
  readonly #hub: HubPort;
  readonly #contactId: string;
  #queue: Update[] = [];
  #partials = new Map<string, ContactTurn>();
  #watched = false;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextPartialAt = 0;
  #undelivered = 0;

  constructor(hub: HubPort, contactId: string) {
    this.#hub = hub;
    this.#contactId = contactId;
  }

  /** How many updates the hub did not take. */
  get undelivered(): number {
    return this.#undelivered;
  }

  post(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update.type === "contact.turn" && !update.final) {
        if (this.#watched) this.#partials.set(update.turnId, update);
        continue;
      }
      if (update.type === "contact.turn") this.#partials.delete(update.turnId);
      this.#queue.push(update);
    }
    this.#go();
  }

  /** Settles when everything is delivered or given up. Partials still waiting are dropped. */
  async drained(): Promise<void> {
    this.#partials.clear();
    while (this.#running !== null) await this.#running;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #go(): void {
    if (this.#running !== null) return;
    const wait = this.#nextPartialAt - Date.now();
    if (this.#queue.length === 0 && this.#partials.size > 0 && wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#go();
      }, wait);
      return;
    }
    if (this.#queue.length === 0 && this.#partials.size === 0) return;
    this.#running = this.#postOnce().finally(() => {
      this.#running = null;
      this.#go();
    });
  }

  async #postOnce(): Promise<void> {
    const updates = this.#queue;
    this.#queue = [];
    if (Date.now() >= this.#nextPartialAt && this.#partials.size > 0) {
      updates.push(...this.#partials.values());
      this.#partials.clear();
      this.#nextPartialAt = Date.now() + PARTIAL_INTERVAL_MS;
    }
    const delivery = await this.#hub.post(updates);
    this.#undelivered += delivery.undelivered;
    this.#watched = delivery.watched.includes(this.#contactId);
  }
}
