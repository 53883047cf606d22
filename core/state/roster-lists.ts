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
    this.#deleteUnfinished();
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

  #deleteUnfinished(): void {
    const unfinished = [...this.#lists].filter(([, { parts, received }]) => received.size < parts);
    unfinished.sort(([, a], [, b]) => b.takenAt - a.takenAt || b.parts - a.parts);
    for (const [key] of unfinished.slice(MAX_UNFINISHED)) this.#lists.delete(key);
  }
}

/** Which part of which list a snapshot is. */
export function listPartOf({ takenAt, agents, part, parts }: RosterSnapshot): ListPart {
  return { takenAt, part: part ?? 1, parts: parts ?? 1, agentIds: agents.map(({ agentId }) => agentId) };
}

function textOf(agentIds: readonly string[]): string {
  return JSON.stringify(agentIds);
}
