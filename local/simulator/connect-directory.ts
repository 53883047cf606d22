import type { ConnectHierarchyGroup, ConnectPresence, ConnectRoster } from "../aws/connect-roster.ts";
import type { AgentSnapshot, StatusSnapshot } from "./agent-event.ts";
import type { AgentProfile } from "./staff.ts";

/** An agent's current state in the center. It stays right even when events are lost. */
export interface DirectoryEntry {
  profile: AgentProfile;
  signedIn: boolean;
  snapshot: AgentSnapshot;
}

/** The statuses of the instance: Amazon Connect's own two and the center's breaks. */
export const STATUSES: readonly Pick<StatusSnapshot, "name" | "type">[] = [
  { name: "Available", type: "ROUTABLE" },
  { name: "Offline", type: "OFFLINE" },
  { name: "Baño", type: "CUSTOM" },
  { name: "Comida", type: "CUSTOM" },
  { name: "Capacitación", type: "CUSTOM" },
];

/**
 * Returns the roster for the stand-in of Amazon Connect's API. Its ids are those in the ARNs of the agent events. `users` calls
 * `staff` at each read, so the roster is always current. `others` are users who take no contacts.
 */
export function connectDirectory(
  instanceId: string,
  staff: () => readonly DirectoryEntry[],
  others: () => readonly DirectoryEntry[] = () => [],
): ConnectRoster {
  const teams = new Set(staff().map(({ profile }) => profile.team));
  const groups = new Map<string, ConnectHierarchyGroup>();
  for (const { groups: path } of teams) {
    for (const [level, name] of path.entries()) groups.set(name, { id: name, name, parentId: path[level - 1] ?? null });
  }
  const profiles = new Map(
    [...teams].map(({ routingProfile: name, queues, concurrency }) => [
      name,
      { id: name, name, concurrency, queueIds: queues.map(({ id }) => id) },
    ]),
  );
  const queues = new Map([...teams].flatMap((team) => team.queues.map(({ id, name }) => [id, { id, name }] as const)));
  return {
    instanceId,
    statuses: STATUSES.map(({ name, type }) => ({ id: name, name, type })),
    routingProfiles: [...profiles.values()],
    queues: [...queues.values()],
    hierarchyGroups: [...groups.values()],
    get users() {
      return [...staff(), ...others()].map(({ profile, signedIn, snapshot }) => ({
        id: profile.id,
        username: profile.username,
        firstName: profile.firstName,
        lastName: profile.lastName,
        routingProfileId: profile.team.routingProfile,
        hierarchyGroupId: profile.team.groups[1],
        presence: signedIn ? presence(snapshot) : null,
      }));
    },
  };
}

function presence({ status, nextStatus, contacts }: AgentSnapshot): ConnectPresence {
  return {
    statusId: status.name,
    since: status.since,
    nextStatus: nextStatus?.name ?? null,
    contacts: contacts.map(({ contactId, channel, initiationMethod, state, since, connectedAt, queue }) => ({
      contactId,
      channel,
      initiationMethod,
      state,
      since,
      connectedAt,
      queueId: queue.id,
    })),
  };
}
