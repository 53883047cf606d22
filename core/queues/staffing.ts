import type { QueueSnapshot } from "../../protocol/queue-updates.ts";
import { Multimap } from "../board/multimap.ts";
import { sameJson } from "../board/same-json.ts";
import type { AgentRow } from "../state/agent-row.ts";

/** Which routing profile serves which queues. */
export type ProfileQueues = NonNullable<QueueSnapshot["profiles"]>;

/** Who could take the contacts of a queue. */
export interface QueueStaffing {
  staffed: number;
  available: number;
  silent: number;
  /** Names of the routing profiles that serve the queue, sorted. */
  profiles: string[];
  /** The groups of all agents with one of these profiles, sorted. */
  groups: string[];
}

interface ProfileStaffing {
  staffed: number;
  available: number;
  silent: number;
  /** Group -> how many agents of the profile have it. */
  groups: Map<string, number>;
}

interface CountedAgent {
  profile: string;
  staffed: boolean;
  available: boolean;
  silent: boolean;
  groups: readonly string[];
}

/** Counts the agents of each routing profile. An agent's news costs as much as its profile has queues, not as there are agents. */
export class Staffing {
  readonly #agents = new Map<string, CountedAgent>();
  readonly #profiles = new Map<string, ProfileStaffing>();
  readonly #queuesOf = new Map<string, readonly string[]>();
  #profilesOf = new Multimap<string, string>();

  /** Replaces what is known of the routing profiles. It may change the staffing of every queue. */
  setProfiles(profiles: ProfileQueues): void {
    this.#queuesOf.clear();
    this.#profilesOf = new Multimap();
    for (const { name, queues } of profiles) {
      this.#queuesOf.set(name, [...(this.#queuesOf.get(name) ?? []), ...queues]);
      for (const queueId of queues) this.#profilesOf.addValue(queueId, name);
    }
  }

  /** Notes an agent as it is on the board; null = it is not. Returns the queues whose staffing it may change. */
  noteAgent(agentId: string, row: AgentRow | null, isInCustomStatus: boolean): readonly string[] {
    const before = this.#agents.get(agentId) ?? null;
    const after = row === null || row.routingProfile === null ? null : countedAgent(row, row.routingProfile, isInCustomStatus);
    if (sameJson(before, after)) return [];
    if (before !== null) this.#count(before, -1);
    if (after === null) this.#agents.delete(agentId);
    else {
      this.#agents.set(agentId, after);
      this.#count(after, 1);
    }
    const profiles = new Set([before, after].flatMap((agent) => (agent === null ? [] : [agent.profile])));
    return [...profiles].flatMap((profile) => this.#queuesOf.get(profile) ?? []);
  }

  /** Who could take the contacts of the queue; null = no routing profile is known at all. A queue that no profile serves has nobody. */
  staffingOf(queueId: string): QueueStaffing | null {
    if (this.#queuesOf.size === 0) return null;
    const profiles = [...this.#profilesOf.valuesOf(queueId)].sort();
    const staffing = { staffed: 0, available: 0, silent: 0, profiles, groups: [] };
    const groups = new Set<string>();
    for (const profile of profiles) {
      const known = this.#profiles.get(profile);
      if (known === undefined) continue;
      staffing.staffed += known.staffed;
      staffing.available += known.available;
      staffing.silent += known.silent;
      for (const group of known.groups.keys()) groups.add(group);
    }
    return { ...staffing, groups: [...groups].sort() };
  }

  #count(agent: CountedAgent, by: 1 | -1): void {
    const profile = this.#profiles.get(agent.profile) ?? { staffed: 0, available: 0, silent: 0, groups: new Map() };
    this.#profiles.set(agent.profile, profile);
    if (agent.staffed) profile.staffed += by;
    if (agent.available) profile.available += by;
    if (agent.silent) profile.silent += by;
    for (const group of agent.groups) {
      const count = (profile.groups.get(group) ?? 0) + by;
      if (count === 0) profile.groups.delete(group);
      else profile.groups.set(group, count);
    }
  }
}

/**
 * Amazon Connect counts an agent as staffed who is online and in no custom status, and as available without any contact. It signs
 * nobody out, so an agent of whom nothing is heard is counted apart.
 */
function countedAgent(row: AgentRow, profile: string, isInCustomStatus: boolean): CountedAgent {
  const staffed = row.status !== "offline" && row.status !== "away" && !isInCustomStatus;
  const isFree = staffed && row.status === "available";
  return {
    profile,
    staffed,
    available: isFree && !row.stale,
    silent: isFree && row.stale,
    groups: [...new Set(row.groups)].sort(),
  };
}
