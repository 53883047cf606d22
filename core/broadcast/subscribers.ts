import type { GroupView } from "../board/group-view.ts";
import { Multimap } from "../board/multimap.ts";
import type { Subscriber } from "./subscriber.ts";
import { type GroupKind, type SubscriberGroup, SubscriberGroups } from "./subscriber-groups.ts";
import type { Viewer, ViewerPort } from "./viewer.ts";

/** All subscribers, found by id, by group filter, and by the contacts that they watch. */
export class Subscribers {
  readonly #byId = new Map<string, Subscriber>();
  readonly #groups: SubscriberGroups<Subscriber>;
  /** Contact -> the subscribers that watch it, so that neither a post nor a turn costs by the number of viewers. */
  readonly #contactSubscriptions = new Multimap<string, Subscriber>();

  /** `firstPosition` says where a new group begins. */
  constructor(firstPosition: (view: GroupView) => number) {
    this.#groups = new SubscriberGroups(firstPosition);
  }

  get size(): number {
    return this.#byId.size;
  }

  find(id: string): Subscriber | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Subscriber> {
    return this.#byId.values();
  }

  groups(): Iterable<SubscriberGroup<Subscriber>> {
    return this.#groups.all();
  }

  addViewer(viewer: Viewer, port: ViewerPort): void {
    const group = this.#groups.groupFor(kindOf(viewer));
    const subscriber: Subscriber = { viewer, port, group, slow: null, awaited: null, seen: 0, startedAnewAt: null };
    group.members.add(subscriber);
    this.#byId.set(viewer.id, subscriber);
    for (const contactId of viewer.watching) this.#contactSubscriptions.addValue(contactId, subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.#byId.delete(subscriber.viewer.id);
    for (const contactId of subscriber.viewer.watching) this.#contactSubscriptions.deleteValue(contactId, subscriber);
    this.#groups.leave(subscriber.group, subscriber);
  }

  /** Moves a subscriber whose viewer has another filter or pace now to the group that fits. */
  moveToGroup(subscriber: Subscriber): void {
    this.#groups.leave(subscriber.group, subscriber);
    subscriber.group = this.#groups.groupFor(kindOf(subscriber.viewer));
    subscriber.group.members.add(subscriber);
  }

  setWatching(subscriber: Subscriber, contactId: string, watching: boolean): void {
    const contacts = new Set(subscriber.viewer.watching);
    if (watching) {
      contacts.add(contactId);
      this.#contactSubscriptions.addValue(contactId, subscriber);
    } else {
      contacts.delete(contactId);
      this.#contactSubscriptions.deleteValue(contactId, subscriber);
    }
    subscriber.viewer = { ...subscriber.viewer, watching: contacts };
  }

  subscribersOfContact(contactId: string): Iterable<Subscriber> {
    return this.#contactSubscriptions.valuesOf(contactId);
  }

  /** The contacts that some subscriber watches. */
  watchedContacts(): Iterable<string> {
    return this.#contactSubscriptions.keys();
  }

  /** When the first session ends, epoch ms, and at `lookAt` at the latest if there is a slow consumer; null = never. */
  nextEnd(lookAt: number): number | null {
    let next: number | null = null;
    for (const { viewer, slow } of this.#byId.values()) {
      const at = slow === null ? viewer.expiresAt : Math.min(viewer.expiresAt, lookAt);
      if (next === null || at < next) next = at;
    }
    return next;
  }
}

function kindOf({ groupFilter, compact, pace }: Viewer): GroupKind {
  return { groupFilter, form: compact === true ? "compact" : "full", pace: pace ?? 0 };
}
