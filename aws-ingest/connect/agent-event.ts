import * as v from "valibot";
import {
  type AgentContact,
  type AgentState,
  MAX_CAPACITIES,
  MAX_CONTACTS,
  MAX_GROUPS,
  type Update,
} from "../../protocol/updates.ts";
import { channelWord, contactWords, directionWord, statusKind, withConsults } from "./contact-words.ts";
import { ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * Reads the records of Amazon Connect's agent event stream (Administrator Guide, "Agent event streams data model"). A snapshot
 * may be null, have few fields (LOGIN, LOGOUT), or have fields that this file does not know. A field that cannot be read counts
 * as absent, and a contact that cannot be read costs only itself.
 */

const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.fallback(v.nullish(schema, null), null);
const text = orNull(v.string());
const time = v.pipe(
  text,
  v.transform((written) => timeOrNull(written)),
);
const named = orNull(v.object({ Name: text }));
const unread = orNull(v.array(v.unknown()));

const contactSchema = v.object({
  ContactId: v.pipe(v.string(), v.nonEmpty()),
  InitialContactId: text,
  Channel: v.string(),
  InitiationMethod: text,
  State: v.string(),
  StateStartTimestamp: time,
  ConnectedToAgentTimestamp: time,
  Queue: named,
});
type ForeignContact = v.InferOutput<typeof contactSchema>;
const slotsSchema = v.object({ Channel: v.string(), AvailableSlots: v.number(), MaximumSlots: v.number() });

const snapshotSchema = v.object({
  AgentStatus: v.nullish(v.object({ Name: v.string(), StartTimestamp: time, Type: text }), null),
  NextAgentStatus: named,
  Configuration: orNull(
    v.object({
      FirstName: text,
      LastName: text,
      Username: text,
      AgentHierarchyGroups: orNull(v.record(v.string(), named)),
      RoutingProfile: orNull(v.object({ Name: text, Concurrency: unread })),
    }),
  ),
  Contacts: unread,
});
type ForeignSnapshot = v.InferOutput<typeof snapshotSchema>;
/** A snapshot whose contacts are read. */
type Snapshot = Omit<ForeignSnapshot, "Contacts"> & { contacts: ForeignContact[]; monitored: ForeignContact[] };

const agentEventSchema = v.object({
  AgentARN: v.pipe(v.string(), v.regex(/\/agent\/[^/]+$/)),
  EventTimestamp: v.pipe(
    v.string(),
    v.transform((written) => timeOrNull(written)),
    v.number(),
  ),
  CurrentAgentSnapshot: v.nullish(snapshotSchema, null),
  // The snapshot before only says since when the agent is free.
  PreviousAgentSnapshot: orNull(snapshotSchema),
});

/** The versions and types of the guide (2026-11). Older records have no version. */
const VERSIONS: readonly unknown[] = [undefined, null, "2017-10-01", "2019-05-25"];
const TYPES: readonly unknown[] = ["LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"];

/**
 * Reads one record (parsed JSON).
 * @param order the record's sequence number in its stream, which decides between two events of one millisecond
 */
export function readAgentEvent(json: unknown, instanceId: string, order: string | null = null): RecordReading<Update> {
  const fields = fieldsOf(json);
  if (fields === null) return unreadable(json === undefined ? "the record is not JSON" : "the record is no JSON object");
  const { AgentARN, EventType, EventTimestamp, InstanceARN, Version } = fields;
  if (AgentARN === undefined && (EventType === undefined || EventTimestamp === undefined)) return notMine("another-kind");
  if (typeof InstanceARN !== "string" || !/:instance\/[^/]+$/.test(InstanceARN))
    return unreadable("InstanceARN is missing or wrong");
  if (lastPart(InstanceARN) !== instanceId) return notMine("another-instance");
  if (!VERSIONS.includes(Version)) return notMine("unknown-version", Version);
  if (typeof EventType !== "string") return unreadable("EventType is missing or wrong");
  if (!TYPES.includes(EventType)) return notMine("unknown-type", EventType);
  const result = v.safeParse(agentEventSchema, fields, { abortEarly: true });
  if (!result.success) return unreadable(`${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong`);
  const values = new ForeignValues();
  const value = updateOf(EventType, result.output, order, values);
  return { outcome: "read", value, flaws: values.flaws };
}

function updateOf(
  type: string,
  event: v.InferOutput<typeof agentEventSchema>,
  order: string | null,
  values: ForeignValues,
): Update {
  const agentId = values.id(lastPart(event.AgentARN));
  const occurredAt = event.EventTimestamp;
  const current = withContacts(event.CurrentAgentSnapshot, values);
  // Only the newest snapshot is posted, so only its flaws count.
  const previous = withContacts(event.PreviousAgentSnapshot, new ForeignValues());
  const position = order === null ? {} : { order: values.id(order) };
  const person = personOf(current?.Configuration ?? previous?.Configuration ?? null, values);
  if (type === "LOGOUT") {
    // A logout does not set the agent's status to Offline, so the event wins over its snapshot.
    const status = { name: "Offline", kind: "offline", since: occurredAt } as const;
    return { type: "agent.state", agentId, occurredAt, ...person, signedIn: false, status, contacts: [], ...position };
  }
  const snapshot = {
    ...person,
    signedIn: true,
    status: statusOf(current, previous, occurredAt, values),
    contacts: withConsults(
      values.first(current?.contacts ?? [], MAX_CONTACTS).flatMap((contact) => contactOf(contact, occurredAt, values)),
    ),
    nextStatus: values.labelOrNull(current?.NextAgentStatus?.Name),
    capacity: capacityOf(current, values),
    ...monitoringOf(current, occurredAt, values),
  };
  if (type !== "HEART_BEAT") return { type: "agent.state", agentId, occurredAt, ...snapshot, ...position };
  // After a logout, heartbeats with the last snapshot go on for an hour. The hub tells them by the times in the snapshot, so a
  // snapshot without a status of its own proves nothing.
  if (!current?.AgentStatus) return { type: "agent.heartbeat", agentId, occurredAt };
  return { type: "agent.heartbeat", agentId, occurredAt, snapshot };
}

/** Takes the contacts of a listening supervisor (MONITOR) apart, because these are not calls of the agent. */
function withContacts(snapshot: ForeignSnapshot | null, values: ForeignValues): Snapshot | null {
  if (snapshot === null) return null;
  const { Contacts, ...rest } = snapshot;
  const contacts = values.readable(contactSchema, Contacts ?? []);
  const isMonitored = (contact: ForeignContact) => contact.InitiationMethod === "MONITOR";
  return { ...rest, contacts: contacts.filter((contact) => !isMonitored(contact)), monitored: contacts.filter(isMonitored) };
}

type Person = Pick<AgentState, "name" | "username" | "routingProfile" | "groups">;

function personOf(configuration: Snapshot["Configuration"], values: ForeignValues): Person {
  const names = [configuration?.FirstName, configuration?.LastName].map((name) => name?.trim()).filter((name) => name);
  const levels = Object.entries(configuration?.AgentHierarchyGroups ?? {}).sort(([a], [b]) => a.localeCompare(b));
  const groups = levels.flatMap(([, group]) => (group?.Name ? [values.label(group.Name)] : []));
  return {
    name: values.label(names.join(" ") || configuration?.Username || ""),
    username: values.labelOrNull(configuration?.Username),
    routingProfile: values.labelOrNull(configuration?.RoutingProfile?.Name),
    groups: values.first(groups, MAX_GROUPS),
  };
}

function statusOf(
  current: Snapshot | null,
  previous: Snapshot | null,
  occurredAt: number,
  values: ForeignValues,
): AgentState["status"] {
  const status = current?.AgentStatus ?? null;
  if (status === null) return { name: "Offline", kind: "offline", since: occurredAt };
  const before = previous?.AgentStatus ?? null;
  const sameStatus = before?.Name === status.Name && before.StartTimestamp === status.StartTimestamp;
  // The status began before the call, but the agent has been free only since the last contact ended.
  const becameFree = sameStatus && current?.contacts.length === 0 && (previous?.contacts.length ?? 0) > 0;
  return {
    name: values.label(status.Name),
    kind: statusKind(status.Type, status.Name),
    since: becameFree ? occurredAt : (unlessAhead(status.StartTimestamp) ?? occurredAt),
  };
}

/** Returns null if the event does not say. A channel that cannot be read is left out. */
function capacityOf(current: Snapshot | null, values: ForeignValues): AgentState["capacity"] {
  const concurrency = current?.Configuration?.RoutingProfile?.Concurrency ?? null;
  if (concurrency === null) return null;
  const slots = values.first(values.readable(slotsSchema, concurrency), MAX_CAPACITIES);
  return slots.flatMap(({ Channel, AvailableSlots, MaximumSlots }) => {
    const channel = channelWord(Channel);
    const max = Math.max(0, Math.round(MaximumSlots));
    return channel === null ? [] : [{ channel, used: Math.min(max, Math.max(0, max - Math.round(AvailableSlots))), max }];
  });
}

/** Returns what the agent listens to. Without anything there is no field, as hubs of the first release know it. */
function monitoringOf(current: Snapshot | null, occurredAt: number, values: ForeignValues): Pick<AgentState, "monitoring"> {
  const listening = (current?.monitored ?? []).filter(({ State }) => State === "CONNECTED" || State === "CONNECTED_ONHOLD");
  if (listening.length === 0) return {};
  return {
    monitoring: values.first(listening, MAX_CONTACTS).map((contact) => ({
      contactId: values.id(contact.ContactId),
      initialContactId: values.idOrNull(contact.InitialContactId),
      since: unlessAhead(contact.ConnectedToAgentTimestamp ?? contact.StateStartTimestamp) ?? occurredAt,
    })),
  };
}

function contactOf(contact: ForeignContact, occurredAt: number, values: ForeignValues): AgentContact[] {
  const words = contactWords(contact.State, contact.Channel);
  if (words === null) {
    values.flaws.skipped += 1;
    return [];
  }
  return [
    {
      contactId: values.id(contact.ContactId),
      initialContactId: values.idOrNull(contact.InitialContactId),
      ...words,
      since: unlessAhead(contact.StateStartTimestamp) ?? occurredAt,
      connectedAt: unlessAhead(contact.ConnectedToAgentTimestamp),
      queue: values.labelOrNull(contact.Queue?.Name),
      direction: values.labelOrNull(directionWord(contact.InitiationMethod)),
    },
  ];
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
