import { filterKey, type GroupFilter } from "../board/visibility.ts";

/** The subscribers with one group filter. They get the very same frames. */
export interface SubscriberGroup<Member> {
  groupFilter: GroupFilter;
  /** The `to` of the last frame made for all of them, and the `from` of the next. No member has a position below it. */
  position: number;
  members: Set<Member>;
}

/** All groups. A group exists as long as it has a member. */
export class SubscriberGroups<Member> {
  readonly #groups = new Map<string, SubscriberGroup<Member>>();
  readonly #firstPosition: (filter: GroupFilter) => number;

  /** `firstPosition` says where a new group begins. */
  constructor(firstPosition: (filter: GroupFilter) => number) {
    this.#firstPosition = firstPosition;
  }

  all(): Iterable<SubscriberGroup<Member>> {
    return this.#groups.values();
  }

  /** Returns the group of the filter, a new one if need be. The caller adds its member. */
  groupFor(filter: GroupFilter): SubscriberGroup<Member> {
    const key = filterKey(filter);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = { groupFilter: filter, position: this.#firstPosition(filter), members: new Set<Member>() };
    this.#groups.set(key, group);
    return group;
  }

  leave(group: SubscriberGroup<Member>, member: Member): void {
    group.members.delete(member);
    if (group.members.size === 0) this.#groups.delete(filterKey(group.groupFilter));
  }
}
