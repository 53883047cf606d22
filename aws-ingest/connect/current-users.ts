import { type AgentContact, type AgentStateBody, MAX_BODY_BYTES, type Update } from "../../protocol/updates.ts";
import { contactWords, statusKind } from "./agent-event.ts";

/** The fields that are read of a signed-in user (GetCurrentUserData). {@link KnownUser} is the same for SearchUsers. */
export interface CurrentUser {
  User?: { Id?: string | undefined } | undefined;
  RoutingProfile?: { Id?: string | undefined } | undefined;
  HierarchyPath?: Readonly<Partial<Record<Level, { Id?: string | undefined } | undefined>>> | undefined;
  Status?:
    | { StatusName?: string | undefined; StatusArn?: string | undefined; StatusStartTimestamp?: Date | undefined }
    | undefined;
  Contacts?: readonly CurrentContact[] | undefined;
}
export interface CurrentContact {
  ContactId?: string | undefined;
  Channel?: string | undefined;
  InitiationMethod?: string | undefined;
  AgentContactState?: string | undefined;
  StateStartTimestamp?: Date | undefined;
  ConnectedToAgentTimestamp?: Date | undefined;
  Queue?: { Id?: string | undefined } | undefined;
}
export interface KnownUser {
  Id?: string | undefined;
  Username?: string | undefined;
  IdentityInfo?: { FirstName?: string | undefined; LastName?: string | undefined } | undefined;
  HierarchyGroupId?: string | undefined;
}

const LEVELS = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] as const;
type Level = (typeof LEVELS)[number];

export interface Directory {
  users: ReadonlyMap<string, KnownUser>;
  /** Id of a status -> its type. The other maps lead to names. */
  statusTypes: ReadonlyMap<string, string>;
  routingProfiles: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, string>;
  groups: ReadonlyMap<string, string>;
}

/**
 * Returns the agents of a roster snapshot. All have the time at which the reading of the list began, so any later event of the
 * agent event stream is newer.
 * @param takenAt epoch ms
 */
export function agentBodies(current: readonly CurrentUser[], directory: Directory, takenAt: number): AgentStateBody[] {
  return current.flatMap((user) => {
    const agentId = user.User?.Id;
    if (!agentId) return [];
    const known = directory.users.get(agentId);
    const names = [known?.IdentityInfo?.FirstName, known?.IdentityInfo?.LastName].map((name) => name?.trim()).filter(Boolean);
    const status = user.Status;
    const name = status?.StatusName ?? "Offline";
    const path = LEVELS.flatMap((level) => user.HierarchyPath?.[level]?.Id ?? []);
    const groups = path.length > 0 ? path : known?.HierarchyGroupId ? [known.HierarchyGroupId] : [];
    return [
      {
        agentId,
        occurredAt: takenAt,
        name: names.join(" ") || known?.Username || "",
        username: known?.Username ?? null,
        signedIn: true,
        status: {
          name,
          kind: statusKind(directory.statusTypes.get(idOf(status?.StatusArn)) || null, name),
          since: status?.StatusStartTimestamp?.getTime() ?? takenAt,
        },
        contacts: (user.Contacts ?? []).flatMap((contact) => contactOf(contact, directory, takenAt)),
        routingProfile: directory.routingProfiles.get(user.RoutingProfile?.Id ?? "") ?? null,
        groups: groups.flatMap((id) => directory.groups.get(id) ?? []),
      },
    ];
  });
}

/**
 * Returns the complete list as one update. If that is too large for a post (some thousands of agents), returns one update for
 * each agent. In that case the hub cannot notice an agent who signed out without an event.
 */
export function rosterUpdates(agents: AgentStateBody[], takenAt: number): { updates: Update[]; complete: boolean } {
  const snapshot: Update = { type: "roster.snapshot", takenAt, agents };
  if (Buffer.byteLength(JSON.stringify({ updates: [snapshot] })) <= MAX_BODY_BYTES)
    return { updates: [snapshot], complete: true };
  return { updates: agents.map((agent) => ({ type: "agent.state", ...agent })), complete: false };
}

function contactOf(contact: CurrentContact, directory: Directory, takenAt: number): AgentContact[] {
  const words = contactWords(contact.AgentContactState ?? "", contact.Channel ?? "");
  // The contact of a listening supervisor (MONITOR) is not a call of the agent.
  if (words === null || !contact.ContactId || contact.InitiationMethod === "MONITOR") return [];
  return [
    {
      contactId: contact.ContactId,
      initialContactId: null,
      ...words,
      since: contact.StateStartTimestamp?.getTime() ?? takenAt,
      connectedAt: contact.ConnectedToAgentTimestamp?.getTime() ?? null,
      queue: directory.queues.get(contact.Queue?.Id ?? "") ?? null,
    },
  ];
}

function idOf(arn: string | undefined): string {
  return arn === undefined ? "" : arn.slice(arn.lastIndexOf("/") + 1);
}
