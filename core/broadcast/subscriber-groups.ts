import { GroupView } from "../board/group-view.ts";
import { filterKey, type GroupFilter } from "../board/visibility.ts";

/** The subscribers with one group filter. They get the very same frames. */
export interface SubscriberGroup<Member> {
  /** The filter with its key, prepared once for all flushes. */
  view: GroupView;
  /** The `to` of the last frame made for all of them, and the `from` of the next. No member has a position below it. */
  position: number;
  members: Set<Member>;
}

/** All groups. A group exists as long as it has a member. */
export class SubscriberGroups<Member> {
  readonly #groups = new Map<string, SubscriberGroup<Member>>();
  readonly #firstPosition: (view: GroupView) => number;

  /** `firstPosition` says where a new group begins. */
  constructor(firstPosition: (view: GroupView) => number) {
    this.#firstPosition = firstPosition;
  }

  all(): Iterable<SubscriberGroup<Member>> {
    return this.#groups.values();
  }

  /** Returns the group of the filter, a new one if need be. The caller adds its member. */
  groupFor(filter: GroupFilter): SubscriberGroup<Member> {
    const known = this.#groups.get(filterKey(filter));
    if (known !== undefined) return known;
    const view = new GroupView(filter);
    const group = { view, position: this.#firstPosition(view), members: new Set<Member>() };
    this.#groups.set(view.key, group);
    return group;
  }

  leave(group: SubscriberGroup<Member>, member: Member): void {
    group.members.delete(member);
    if (group.members.size === 0) this.#groups.delete(group.view.key);
  }
}
