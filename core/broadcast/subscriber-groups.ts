import { GroupView } from "../board/group-view.ts";
import { filterKey, type GroupFilter } from "../board/visibility.ts";
import type { RowForm } from "./change-block.ts";

/** What the subscribers of one group have in common. */
export interface GroupKind {
  groupFilter: GroupFilter;
  form: RowForm;
  /** The pace of its flushes in ms; 0 = every flush. */
  pace: number;
}

/** The subscribers with one group filter, form of rows and pace. They get the very same frames. */
export interface SubscriberGroup<Member> {
  readonly key: string;
  /** The filter with its key, prepared once for all flushes. */
  view: GroupView;
  form: RowForm;
  pace: number;
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

  /** Returns the group of its kind, a new one if need be. The caller adds its member. */
  groupFor({ groupFilter, form, pace }: GroupKind): SubscriberGroup<Member> {
    const key = `${form} ${pace} ${filterKey(groupFilter)}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const view = new GroupView(groupFilter);
    const group = { key, view, form, pace, position: this.#firstPosition(view), members: new Set<Member>() };
    this.#groups.set(key, group);
    return group;
  }

  leave(group: SubscriberGroup<Member>, member: Member): void {
    group.members.delete(member);
    if (group.members.size === 0) this.#groups.delete(group.key);
  }
}
