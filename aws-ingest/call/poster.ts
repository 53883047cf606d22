import type { ContactTurn, Update } from "../../protocol/updates.ts";
import type { HubPort } from "./call-ports.ts";

/** A retry does not find these again when its checkpoint says that their audio is transcribed. */
const GATED: ReadonlySet<Update["type"]> = new Set(["contact.turn", "contact.category"]);
/** Partial turns of one contact go out twice a second at most: nobody reads faster. */
const PARTIAL_INTERVAL_MS = 500;

/**
 * Posts one contact's updates in order, one post at a time. Updates that arrive during a post go together in the next one.
 * Partial turns go out only while somebody watches the contact, and only their newest text.
 */
export class Poster {
  readonly #hub: HubPort;
  readonly #contactId: string;
  readonly #beforeTurns: (() => Promise<void>) | null;
  #queue: Update[] = [];
  /** The updates of the running post, partial turns excluded. */
  #inFlight: readonly Update[] = [];
  /** Partial turns that wait, by turn id. */
  #partials = new Map<string, ContactTurn>();
  #watched = false;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextPartialAt = 0;
  #undelivered = 0;
  #newsAt = Number.NEGATIVE_INFINITY;

  /** @param beforeTurns awaited before a post with final turns or categories, while `unposted` has them */
  constructor(hub: HubPort, contactId: string, beforeTurns: (() => Promise<void>) | null = null) {
    this.#hub = hub;
    this.#contactId = contactId;
    this.#beforeTurns = beforeTurns;
  }

  /** How many updates the hub did not accept. */
  get undelivered(): number {
    return this.#undelivered;
  }

  /** Updates that are not yet delivered or counted as undelivered. Partial turns are not worth keeping. */
  get unposted(): Update[] {
    return [...this.#inFlight, ...this.#queue];
  }

  /** When the newest update came that is posted in any case, epoch ms. Partial turns do not count. */
  get newsAt(): number {
    return this.#newsAt;
  }

  addUpdates(updates: readonly Update[]): void {
    for (const update of updates) {
      if (update.type === "contact.turn" && !update.final) {
        if (this.#watched) this.#partials.set(update.turnId, update);
        continue;
      }
      if (update.type === "contact.turn") this.#partials.delete(update.turnId);
      this.#queue.push(update);
      this.#newsAt = Date.now();
    }
    this.#startPosting();
  }

  /** Waits until every update is delivered or counted as undelivered. Drops the partial turns that still wait. */
  async drained(): Promise<void> {
    this.#partials.clear();
    while (this.#running !== null) await this.#running;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #startPosting(): void {
    if (this.#running !== null) return;
    const wait = this.#nextPartialAt - Date.now();
    if (this.#queue.length === 0 && this.#partials.size > 0 && wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#startPosting();
      }, wait);
      return;
    }
    if (this.#queue.length === 0 && this.#partials.size === 0) return;
    this.#running = this.#postOnce().finally(() => {
      this.#running = null;
      this.#startPosting();
    });
  }

  async #postOnce(): Promise<void> {
    const updates = this.#queue;
    this.#queue = [];
    this.#inFlight = [...updates];
    if (this.#beforeTurns !== null && updates.some(({ type }) => GATED.has(type))) await this.#beforeTurns();
    if (Date.now() >= this.#nextPartialAt && this.#partials.size > 0) {
      updates.push(...this.#partials.values());
      this.#partials.clear();
      this.#nextPartialAt = Date.now() + PARTIAL_INTERVAL_MS;
    }
    const delivery = await this.#hub.postUpdates(updates);
    this.#inFlight = [];
    this.#undelivered += delivery.undelivered;
    this.#watched = delivery.watched.includes(this.#contactId);
  }
}
