import * as v from "valibot";
import { type ConnectContact, type ConnectRoster, type ConnectUser, hierarchyPath, resourceArn } from "./connect-roster.ts";
import { readInput } from "./json-service.ts";
import { ServiceError } from "./service.ts";

/** GetCurrentUserData: the users who are signed in, their status and their contacts. */

const ids = (max: number) => v.optional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(max)));
const filtersSchema = v.object({
  Queues: ids(100),
  RoutingProfiles: ids(100),
  Agents: ids(100),
  UserHierarchyGroups: ids(1),
  ContactFilter: v.optional(v.object({ ContactStates: ids(9) })),
});
const requestSchema = v.object({
  Filters: filtersSchema,
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 100),
  NextToken: v.optional(v.string()),
});
type Filters = v.InferOutput<typeof filtersSchema>;

export interface CurrentUserQuery {
  filters: Filters;
  maxResults: number;
  nextToken: string | undefined;
}

/** Reads the request. @throws ServiceError InvalidParameterException, also unless exactly one of the four filters is set */
export function readCurrentUserQuery(input: unknown): CurrentUserQuery {
  const { Filters, MaxResults, NextToken } = readInput(requestSchema, input, "InvalidParameterException");
  const chosen = [Filters.Queues, Filters.RoutingProfiles, Filters.Agents, Filters.UserHierarchyGroups];
  if (chosen.filter((list) => list !== undefined).length !== 1) {
    const message = "Filters needs exactly one of Queues, RoutingProfiles, Agents and UserHierarchyGroups.";
    throw new ServiceError(400, "InvalidParameterException", message);
  }
  return { filters: Filters, maxResults: MaxResults, nextToken: NextToken };
}

/** Returns the signed-in users that match. */
export function currentUsers(roster: ConnectRoster, filters: Filters): ConnectUser[] {
  const [agents, profiles, queues, groups] = [
    filters.Agents,
    filters.RoutingProfiles,
    filters.Queues,
    filters.UserHierarchyGroups,
  ].map(idsOf);
  const states = filters.ContactFilter?.ContactStates;
  const queuesOf = new Map(roster.routingProfiles.map(({ id, queueIds = [] }) => [id, queueIds]));
  return roster.users.filter(({ id, routingProfileId, hierarchyGroupId, presence }) => {
    if (presence === null) return false;
    if (states !== undefined && !presence.contacts.some((contact) => states.includes(contact.state))) return false;
    return (
      agents?.has(id) ||
      profiles?.has(routingProfileId) ||
      queuesOf.get(routingProfileId)?.some((queue) => queues?.has(queue)) ||
      groups?.has(hierarchyGroupId ?? "")
    );
  });
}

/** Accepts entries that are ids or ARNs. */
function idsOf(list: readonly string[] | undefined): Set<string> {
  return new Set(list?.map((entry) => entry.split("/").at(-1) ?? ""));
}

/** What the API answers about a signed-in user. */
export function userData(roster: ConnectRoster, user: ConnectUser): object {
  const { instanceId, statuses, routingProfiles } = roster;
  const { presence } = user;
  const contacts = presence?.contacts ?? [];
  const status = statuses.find((entry) => entry.id === presence?.statusId);
  const profile = routingProfiles.find((entry) => entry.id === user.routingProfileId);
  const slots = Object.entries(profile?.concurrency ?? { VOICE: 1 });
  const used = (channel: string, counts: (contact: ConnectContact) => boolean = () => true) =>
    contacts.filter((contact) => contact.channel === channel && counts(contact)).length;
  return {
    User: { Id: user.id, Arn: resourceArn(instanceId, "agent", user.id) },
    RoutingProfile: profile && { Id: profile.id, Arn: resourceArn(instanceId, "routing-profile", profile.id) },
    HierarchyPath: hierarchyPath(roster, user.hierarchyGroupId ?? null),
    Status: status && {
      StatusStartTimestamp: (presence?.since ?? 0) / 1000,
      StatusArn: resourceArn(instanceId, "agent-state", status.id),
      StatusName: status.name,
    },
    MaxSlotsByChannel: Object.fromEntries(slots),
    ActiveSlotsByChannel: Object.fromEntries(
      slots.map(([channel]) => [channel, used(channel, ({ state }) => state !== "ENDED")]),
    ),
    AvailableSlotsByChannel: Object.fromEntries(slots.map(([channel, max]) => [channel, Math.max(0, max - used(channel))])),
    Contacts: contacts.map((contact) => contactData(instanceId, contact)),
    ...(presence?.nextStatus ? { NextStatus: presence.nextStatus } : {}),
  };
}

function contactData(instanceId: string, contact: ConnectContact): object {
  return {
    ContactId: contact.contactId,
    Channel: contact.channel,
    InitiationMethod: contact.initiationMethod,
    AgentContactState: contact.state,
    // On hold the API keeps the time of the connection. The agent event stream has the time of the hold instead.
    StateStartTimestamp: ((contact.state === "CONNECTED_ONHOLD" ? contact.connectedAt : null) ?? contact.since) / 1000,
    ...(contact.connectedAt === null ? {} : { ConnectedToAgentTimestamp: contact.connectedAt / 1000 }),
    ...(contact.queueId === null
      ? {}
      : { Queue: { Id: contact.queueId, Arn: resourceArn(instanceId, "queue", contact.queueId) } }),
  };
}
