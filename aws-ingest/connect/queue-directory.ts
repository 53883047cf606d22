import type { ServingProfile } from "./queue-figures.ts";

/** Queues and routing profiles are edited seldom, and each profile costs a request. */
const READ_AGAIN_AFTER_MS = 60 * 60_000;

/** A queue as a routing profile names it. */
export interface ProfileQueue {
  id: string;
  name: string;
}

/**
 * What a container remembers of an instance's queues and routing profiles from run to run. It says which list is to be read again. The
 * caller reads it, because this file knows no service.
 */
export class QueueDirectory {
  #names: ReadonlyMap<string, string> | null = null;
  #namesReadAt = Number.NEGATIVE_INFINITY;
  /** Ids that no list has, for example of the queues of agents. They cause no further reading. */
  readonly #strangers = new Set<string>();
  #namesWanted = true;
  /** Routing profile -> its name and the queues that it serves. `unread`: the queues are those of an earlier reading. */
  #profiles = new Map<string, { name: string; queues: readonly ProfileQueue[]; unread: boolean }>();
  #profilesReadAt = Number.NEGATIVE_INFINITY;
  #profilesPosted = true;

  /** Whether the names of the queues are to be read. */
  namesDue(now: number): boolean {
    return this.#namesWanted || now - this.#namesReadAt >= READ_AGAIN_AFTER_MS;
  }

  /** @param names every standard queue of the instance, and its name */
  setNames(names: ReadonlyMap<string, string>, now: number): void {
    this.#names = names;
    this.#namesReadAt = now;
    this.#namesWanted = false;
  }

  /** Call with the id of a queue that something names. If no list has it, the names are read again, once. */
  noteQueue(queueId: string): void {
    if (this.#names === null || this.#names.has(queueId) || this.#strangers.has(queueId)) return;
    this.#strangers.add(queueId);
    this.#namesWanted = true;
  }

  /** Call when the names may be wrong, or did not reach the hub. */
  readNamesAgain(): void {
    this.#namesWanted = true;
  }

  /** Call when somebody wants everything now. */
  readAllAgain(): void {
    this.#namesWanted = true;
    this.#profilesReadAt = Number.NEGATIVE_INFINITY;
  }

  /** Whether the list of the routing profiles is to be read. */
  profilesDue(now: number): boolean {
    return now - this.#profilesReadAt >= READ_AGAIN_AFTER_MS;
  }

  /** @param names every routing profile of the instance, and its name. Their queues are to be read then. */
  setProfiles(names: ReadonlyMap<string, string>, now: number): void {
    const known = this.#profiles;
    this.#profiles = new Map([...names].map(([id, name]) => [id, { name, queues: known.get(id)?.queues ?? [], unread: true }]));
    this.#profilesReadAt = now;
    this.#profilesPosted = false;
  }

  /** Returns the routing profiles whose queues are still to be read. */
  unreadProfiles(): string[] {
    return [...this.#profiles].filter(([, { unread }]) => unread).map(([id]) => id);
  }

  setProfileQueues(profileId: string, queues: readonly ProfileQueue[]): void {
    const profile = this.#profiles.get(profileId);
    if (profile !== undefined) Object.assign(profile, { queues, unread: false });
    for (const { id } of queues) this.noteQueue(id);
  }

  /** Returns the queues, and which profile serves which, if the hub does not have that yet; null = it has, or not all is read. */
  profilesToPost(): ServingProfile[] | null {
    if (this.#profilesPosted || this.unreadProfiles().length > 0) return null;
    return [...this.#profiles.values()].map(({ name, queues }) => ({ name, queueIds: queues.map(({ id }) => id) }));
  }

  /** Call when the hub has what {@link profilesToPost} returned. */
  notePosted(): void {
    this.#profilesPosted = true;
  }

  /** Whether a list was read, so that {@link names} says something. */
  get hasLists(): boolean {
    return this.#names !== null || this.#profiles.size > 0;
  }

  /** Returns the queues and their names: of the list, or of the routing profiles if the list could not be read. */
  names(): ReadonlyMap<string, string> {
    if (this.#names !== null) return this.#names;
    const served = [...this.#profiles.values()].flatMap(({ queues }) => queues);
    return new Map(served.map(({ id, name }) => [id, name]));
  }
}
