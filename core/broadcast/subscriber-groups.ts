import { filterKey, type GroupFilter } from "../board/visibility.ts";

/** Those who may see the same agents and so get the very same frames. */
export interface SubscriberGroup<Member> {
  groupFilter: GroupFilter;
  /** The `to` of the last frame made for all of them: the `from` of the next. Nobody in the group will stand below it. */
  position: number;
  members: Set<Member>;
}

/** All groups; one is there as long as somebody is in it. */
export class SubscriberGroups<Member> {
  readonly #groups = new Map<string, SubscriberGroup<Member>>();
  readonly #positionOf: (groupFilter: GroupFilter) => number;

  /** `positionOf` says where a group begins whose first member comes now. */
  constructor(positionOf: (groupFilter: GroupFilter) => number) {
    this.#positionOf = positionOf;
  }

  all(): Iterable<SubscriberGroup<Member>> {
    return this.#groups.values();
  }

  /** The group of the group filter; the caller adds its member. */
  of(groupFilter: GroupFilter): SubscriberGroup<Member> {
    const key = filterKey(groupFilter);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group: SubscriberGroup<Member> = { groupFilter, position: this.#positionOf(groupFilter), members: new Set() };
    this.#groups.set(key, group);
    return group;
  }

  leave(group: SubscriberGroup<Member>, member: Member): void {
    group.members.delete(member);
    if (group.members.size === 0) this.#groups.delete(filterKey(group.groupFilter));
  }
}
