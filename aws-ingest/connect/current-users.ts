import {
  type AgentContact,
  type AgentStateBody,
  MAX_BODY_BYTES,
  MAX_CAPACITIES,
  MAX_CONTACTS,
  type Update,
} from "../../protocol/updates.ts";
import { channelWord, contactWords, directionWord, statusKind } from "./contact-words.ts";
import { type ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";

/** The fields that are read of a signed-in user (GetCurrentUserData). {@link KnownUser} is the same for SearchUsers. */
export interface CurrentUser {
  User?: { Id?: string | undefined } | undefined;
  RoutingProfile?: { Id?: string | undefined } | undefined;
  HierarchyPath?: Readonly<Partial<Record<Level, { Id?: string | undefined } | undefined>>> | undefined;
  Status?:
    | { StatusName?: string | undefined; StatusArn?: string | undefined; StatusStartTimestamp?: Date | undefined }
    | undefined;
  Contacts?: readonly CurrentContact[] | undefined;
  NextStatus?: string | undefined;
  /** Channel -> number of contacts. */
  MaxSlotsByChannel?: Readonly<Partial<Record<string, number>>> | undefined;
  ActiveSlotsByChannel?: Readonly<Partial<Record<string, number>>> | undefined;
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
 * agent event stream is newer. An agent or contact that cannot be read costs only itself.
 * @param takenAt epoch ms
 */
export function agentBodies(
  current: readonly CurrentUser[],
  directory: Directory,
  takenAt: number,
  values: ForeignValues,
): AgentStateBody[] {
  return current.flatMap((user) => {
    const agentId = user.User?.Id;
    if (!agentId) {
      values.flaws.skipped += 1;
      return [];
    }
    const known = directory.users.get(agentId);
    const names = [known?.IdentityInfo?.FirstName, known?.IdentityInfo?.LastName].map((name) => name?.trim()).filter(Boolean);
    const status = user.Status;
    const name = status?.StatusName ?? "Offline";
    const path = LEVELS.flatMap((level) => user.HierarchyPath?.[level]?.Id ?? []);
    const groups = path.length > 0 ? path : known?.HierarchyGroupId ? [known.HierarchyGroupId] : [];
    return [
      {
        agentId: values.id(agentId),
        occurredAt: takenAt,
        name: values.label(names.join(" ") || known?.Username || ""),
        username: values.labelOrNull(known?.Username),
        signedIn: true,
        status: {
          name: values.label(name),
          kind: statusKind(directory.statusTypes.get(idOf(status?.StatusArn)) || null, name),
          since: unlessAhead(timeOrNull(status?.StatusStartTimestamp), takenAt) ?? takenAt,
        },
        contacts: values
          .first(user.Contacts ?? [], MAX_CONTACTS)
          .flatMap((contact) => contactOf(contact, directory, takenAt, values)),
        routingProfile: values.labelOrNull(directory.routingProfiles.get(user.RoutingProfile?.Id ?? "")),
        groups: groups.flatMap((id) => values.labelOrNull(directory.groups.get(id)) ?? []),
        nextStatus: values.labelOrNull(user.NextStatus),
        capacity: capacityOf(user, values),
      },
    ];
  });
}

/** Room for the fields of a snapshot besides its agents, and for the frame of a post. */
const FRAME_BYTES = 1024;
/** Smaller than a post, so that the hub works on a part for a short time only. */
const PART_BYTES = MAX_BODY_BYTES / 2;

/**
 * Returns the complete list as one snapshot, or in parts if it is too large for one post (some thousands of agents). It asks the
 * hub which agents the list leaves out.
 */
export function rosterUpdates(agents: readonly AgentStateBody[], takenAt: number): Update[] {
  const whole = { type: "roster.snapshot", takenAt, reportUnlisted: true } as const;
  const sized = agents.map((agent) => ({ agent, bytes: Buffer.byteLength(JSON.stringify(agent)) + 1 }));
  const bytes = sized.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes + FRAME_BYTES <= MAX_BODY_BYTES) return [{ ...whole, agents: [...agents] }];
  const parts: { agents: AgentStateBody[]; bytes: number }[] = [];
  for (const entry of sized) {
    const last = parts.at(-1);
    if (last !== undefined && last.bytes + entry.bytes + FRAME_BYTES <= PART_BYTES) {
      last.agents.push(entry.agent);
      last.bytes += entry.bytes;
    } else parts.push({ agents: [entry.agent], bytes: entry.bytes });
  }
  return parts.map((part, index) => ({ ...whole, agents: part.agents, part: index + 1, parts: parts.length }));
}

function contactOf(contact: CurrentContact, directory: Directory, takenAt: number, values: ForeignValues): AgentContact[] {
  // The contact of a listening supervisor (MONITOR) is not a call of the agent.
  if (contact.InitiationMethod === "MONITOR") return [];
  const words = contactWords(contact.AgentContactState ?? "", contact.Channel ?? "");
  if (words === null || !contact.ContactId) {
    values.flaws.skipped += 1;
    return [];
  }
  return [
    {
      contactId: values.id(contact.ContactId),
      initialContactId: null,
      ...words,
      since: unlessAhead(timeOrNull(contact.StateStartTimestamp), takenAt) ?? takenAt,
      connectedAt: unlessAhead(timeOrNull(contact.ConnectedToAgentTimestamp), takenAt),
      queue: values.labelOrNull(directory.queues.get(contact.Queue?.Id ?? "")),
      direction: values.labelOrNull(directionWord(contact.InitiationMethod)),
    },
  ];
}

/** Returns null if the list does not say. */
function capacityOf({ MaxSlotsByChannel, ActiveSlotsByChannel }: CurrentUser, values: ForeignValues): AgentStateBody["capacity"] {
  if (MaxSlotsByChannel === undefined) return null;
  const slots = values.first(Object.entries(MaxSlotsByChannel), MAX_CAPACITIES);
  return slots.flatMap(([name, slotCount = 0]) => {
    const channel = channelWord(name);
    if (channel === null || !Number.isInteger(slotCount) || slotCount < 0) return [];
    const used = ActiveSlotsByChannel?.[name] ?? 0;
    return [{ channel, used: Number.isInteger(used) ? Math.max(0, used) : 0, max: slotCount }];
  });
}

function idOf(arn: string | undefined): string {
  return arn === undefined ? "" : arn.slice(arn.lastIndexOf("/") + 1);
}
