import { type GroupLimit, limitKey } from "../board/visibility.ts";

/** Those who may see the same agents and so get the very same frames. */
export interface Crowd<Member> {
  limit: GroupLimit;
  /** The `to` of the last frame made for all of them: the `from` of the next. Nobody in the crowd will stand below it. */
  position: number;
  members: Set<Member>;
}

/** All crowds; one is there as long as somebody is in it. */
export class Crowds<Member> {
  readonly #crowds = new Map<string, Crowd<Member>>();
  readonly #positionOf: (limit: GroupLimit) => number;

  /** `positionOf` says where a crowd begins whose first member comes now. */
  constructor(positionOf: (limit: GroupLimit) => number) {
    this.#positionOf = positionOf;
  }

  all(): Iterable<Crowd<Member>> {
    return this.#crowds.values();
  }

  /** The crowd of the limit; the caller adds its member. */
  of(limit: GroupLimit): Crowd<Member> {
    const key = limitKey(limit);
    const known = this.#crowds.get(key);
    if (known !== undefined) return known;
    const crowd: Crowd<Member> = { limit, position: this.#positionOf(limit), members: new Set() };
    this.#crowds.set(key, crowd);
    return crowd;
  }

  leave(crowd: Crowd<Member>, member: Member): void {
    crowd.members.delete(member);
    if (crowd.members.size === 0) this.#crowds.delete(limitKey(crowd.limit));
  }
}
