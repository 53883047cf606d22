import { digest } from "./digest.ts";
import { filterKey, type GroupFilter } from "./visibility.ts";

/** A group filter with what many rows and frames need of it. It is prepared once, because a filter may have hundreds of groups. */
export class GroupView {
  readonly groupFilter: GroupFilter;
  /** The same text for the same filter. */
  readonly key: string;
  readonly #groups: ReadonlySet<string> | null;
  readonly #epochSuffix: string;

  constructor(groupFilter: GroupFilter) {
    this.groupFilter = groupFilter;
    this.key = filterKey(groupFilter);
    this.#groups = groupFilter === null ? null : new Set(groupFilter);
    this.#epochSuffix = groupFilter === null ? "" : `.${digest(this.key)}`;
  }

  mayView(groups: Iterable<string>): boolean {
    if (this.#groups === null) return true;
    for (const group of groups) if (this.#groups.has(group)) return true;
    return false;
  }

  /** The epoch as viewers with this filter get it (`viewEpoch`). */
  epochOf(epoch: string): string {
    return `${epoch}${this.#epochSuffix}`;
  }

  /** Names the effect of the filter: views with equal keys see the same of a board that has no other groups than `known`. */
  effectKey(known: ReadonlySet<string>): string {
    if (this.#groups === null) return "*";
    return JSON.stringify([...this.#groups].filter((group) => known.has(group)).sort());
  }
}
