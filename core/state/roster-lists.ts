import type { RosterSnapshot } from "../../protocol/updates.ts";
import { type Listing, NO_LISTING } from "./listing.ts";

/** The ids of one part of a list. A list in one post is the only part of its list. */
export interface ListPart {
  takenAt: number;
  /** 1 … `parts`. */
  part: number;
  parts: number;
  agentIds: readonly string[];
}

/** Where lists are kept. */
export interface ListStore {
  /** Saves a list that came in one post. */
  saveListing(listing: Listing): void;
  /** Saves one of several parts of a list. */
  saveListPart(part: ListPart): void;
  /** Deletes the parts of lists that were taken before this time (epoch ms). */
  deleteListParts(before: number): void;
  /** Deletes the parts of one list. */
  deleteList(takenAt: number, parts: number): void;
}

/** Unfinished lists that are kept. More of them are a fault of the sender, and each may hold thousands of ids. */
const MAX_UNFINISHED = 8;

interface PartialList {
  takenAt: number;
  parts: number;
  /** Part -> its ids, sorted. */
  received: Map<number, readonly string[]>;
}

/**
 * Puts the parts of roster snapshots together. A list counts from its last missing part on. Parts may come in any order and
 * several times, and those of several lists may be mixed. The newest complete list replaces all older ones.
 */
export class RosterLists {
  readonly #lists = new Map<string, PartialList>();
  #current = NO_LISTING;

  /** The newest complete list. */
  get current(): Listing {
    return this.#current;
  }

  /** Adds a snapshot and saves it. Returns false like {@link RosterLists.addPart}. */
  addSnapshot({ takenAt, agents, part: given, parts }: RosterSnapshot, store: ListStore): boolean {
    const before = this.#current.takenAt;
    const part = { takenAt, part: given ?? 1, parts: parts ?? 1, agentIds: agents.map(({ agentId }) => agentId) };
    if (!this.addPart(part)) return false;
    if (part.parts === 1) store.saveListing({ takenAt, agentIds: new Set(part.agentIds) });
    else store.saveListPart(part);
    if (this.#current.takenAt > before) store.deleteListParts(this.#current.takenAt);
    this.#deleteUnfinished(store);
    return true;
  }

  /** Deletes all lists and parts. */
  deleteAll(store: ListStore): void {
    if (this.#lists.size === 0) return;
    this.#lists.clear();
    store.deleteListParts(Number.POSITIVE_INFINITY);
    if (this.#current === NO_LISTING) return;
    this.#current = NO_LISTING;
    store.saveListing(NO_LISTING);
  }

  /** Adds a part. Returns false if it says nothing new, or its list is older than the newest complete one. */
  addPart({ takenAt, part, parts, agentIds }: ListPart): boolean {
    if (takenAt < this.#current.takenAt) return false;
    const key = `${takenAt}/${parts}`;
    const list = this.#lists.get(key) ?? { takenAt, parts, received: new Map<number, readonly string[]>() };
    const ids = [...agentIds].sort();
    const known = list.received.get(part);
    // At equal times the greater text wins, in every order of arrival alike.
    if (known !== undefined && textOf(ids) <= textOf(known)) return false;
    list.received.set(part, ids);
    this.#lists.set(key, list);
    if (list.received.size === parts) this.#chooseCurrent();
    return true;
  }

  #chooseCurrent(): void {
    const complete = [...this.#lists.values()].filter(({ parts, received }) => received.size === parts);
    const newest = Math.max(...complete.map(({ takenAt }) => takenAt));
    const [best = []] = complete
      .filter(({ takenAt }) => takenAt === newest)
      .map(({ received }) => [...received.values()].flat().sort())
      .sort((a, b) => (textOf(a) > textOf(b) ? -1 : 1));
    this.#current = { takenAt: newest, agentIds: new Set(best) };
    for (const [key, { takenAt }] of this.#lists) if (takenAt < newest) this.#lists.delete(key);
  }

  #deleteUnfinished(store: ListStore): void {
    const unfinished = [...this.#lists].filter(([, { parts, received }]) => received.size < parts);
    unfinished.sort(([, a], [, b]) => b.takenAt - a.takenAt || b.parts - a.parts);
    for (const [key, { takenAt, parts }] of unfinished.slice(MAX_UNFINISHED)) {
      this.#lists.delete(key);
      store.deleteList(takenAt, parts);
    }
  }
}

/** A list that came in one post, as its only part. None, if there is no list. */
export function partsOf({ takenAt, agentIds }: Listing): ListPart[] {
  return takenAt === 0 ? [] : [{ takenAt, part: 1, parts: 1, agentIds: [...agentIds] }];
}

function textOf(agentIds: readonly string[]): string {
  return JSON.stringify(agentIds);
}
