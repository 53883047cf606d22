import type { ListedPlace, PlaceStore } from "../../aws-ingest/call/call-ports.ts";

/** Places in memory, with conditional writes and a clock. */
export class MemoryPlaces implements PlaceStore {
  readonly #places = new Map<number, { contactId: string | null; version: number; at: number }>();
  readonly #now: () => number;
  /** So many next writes are stored, and say that somebody else was quicker. */
  lostAnswers = 0;
  /** Every method fails like this while it is set. */
  fault: Error | null = null;

  /** @param now epoch ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  get takenBy(): string[] {
    return [...this.#places.values()].flatMap(({ contactId }) => contactId ?? []);
  }

  async listPlaces(): Promise<ListedPlace[]> {
    if (this.fault) throw this.fault;
    return [...this.#places].map(([number, { contactId, version }]) => ({
      number,
      taken: contactId !== null,
      tag: String(version),
    }));
  }

  async readPlace(number: number) {
    if (this.fault) throw this.fault;
    const place = this.#places.get(number);
    if (place === undefined || place.contactId === null) return null;
    return { contactId: place.contactId, tag: String(place.version), ageMs: this.#now() - place.at };
  }

  async writePlace(number: number, contactId: string | null, previous: string | null): Promise<boolean> {
    if (this.fault) throw this.fault;
    const place = this.#places.get(number);
    if ((place === undefined ? null : String(place.version)) !== previous) return false;
    this.#places.set(number, { contactId, version: (place?.version ?? 0) + 1, at: this.#now() });
    if (this.lostAnswers === 0) return true;
    this.lostAnswers -= 1;
    return false;
  }
}
