import * as v from "valibot";
import type { AgentContact, AgentState, Update } from "../../protocol/updates.ts";

/**
 * Reads the records of Amazon Connect's agent event stream (Administrator Guide, "Agent event streams data model"). A snapshot
 * may be null, have few fields (LOGIN, LOGOUT), or have fields that this file does not know.
 */

const time = v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse));
const optionalText = v.optional(v.nullable(v.string()), null);
const optionalTime = v.optional(v.nullable(time), null);
const nullable = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema), null);
const named = v.object({ Name: optionalText });

const contactSchema = v.object({
  ContactId: v.pipe(v.string(), v.nonEmpty()),
  InitialContactId: optionalText,
  Channel: v.string(),
  InitiationMethod: optionalText,
  State: v.string(),
  StateStartTimestamp: optionalTime,
  ConnectedToAgentTimestamp: optionalTime,
  Queue: nullable(named),
});

const snapshotSchema = v.object({
  AgentStatus: nullable(v.object({ Name: v.string(), StartTimestamp: optionalTime, Type: optionalText })),
  Configuration: nullable(
    v.object({
      FirstName: optionalText,
      LastName: optionalText,
      Username: optionalText,
      AgentHierarchyGroups: nullable(v.record(v.string(), v.nullable(named))),
      RoutingProfile: nullable(named),
    }),
  ),
  Contacts: v.optional(v.nullable(v.array(contactSchema)), null),
});
type Snapshot = v.InferOutput<typeof snapshotSchema>;

const agentEventSchema = v.object({
  AgentARN: v.pipe(v.string(), v.regex(/\/agent\/[^/]+$/)),
  InstanceARN: v.pipe(v.string(), v.regex(/:instance\/[^/]+$/)),
  EventTimestamp: time,
  EventType: v.picklist(["LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"]),
  CurrentAgentSnapshot: nullable(snapshotSchema),
  PreviousAgentSnapshot: nullable(snapshotSchema),
});

export type ReadAgentEvent = { ok: true; update: Update } | { ok: false; reason: string };

/** Reads one record (parsed JSON). A refusal names the first wrong field and never quotes its value. */
export function readAgentEvent(json: unknown, instanceId: string): ReadAgentEvent {
  if (json === undefined) return { ok: false, reason: "the record is not JSON" };
  const result = v.safeParse(agentEventSchema, json, { abortEarly: true });
  if (!result.success) return { ok: false, reason: `${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong` };
  const event = result.output;
  if (lastPart(event.InstanceARN) !== instanceId) return { ok: false, reason: "InstanceARN names another instance" };

  const agentId = lastPart(event.AgentARN);
  const occurredAt = event.EventTimestamp;
  // After a logout, heartbeats with the last snapshot go on for an hour. So only the time of a heartbeat is used.
  if (event.EventType === "HEART_BEAT") return { ok: true, update: { type: "agent.heartbeat", agentId, occurredAt } };

  const current = event.CurrentAgentSnapshot;
  const previous = event.PreviousAgentSnapshot;
  const person = personOf(current?.Configuration ?? previous?.Configuration ?? null);
  if (event.EventType === "LOGOUT") {
    // A logout does not set the agent's status to Offline, so the event wins over its snapshot.
    const status = { name: "Offline", kind: "offline", since: occurredAt } as const;
    return { ok: true, update: { type: "agent.state", agentId, occurredAt, ...person, signedIn: false, status, contacts: [] } };
  }
  return {
    ok: true,
    update: {
      type: "agent.state",
      agentId,
      occurredAt,
      ...person,
      signedIn: true,
      status: statusOf(current, previous, occurredAt),
      contacts: callsOf(current).flatMap((contact) => contactOf(contact, occurredAt)),
    },
  };
}

type Person = Pick<AgentState, "name" | "username" | "routingProfile" | "groups">;

function personOf(configuration: Snapshot["Configuration"]): Person {
  const names = [configuration?.FirstName, configuration?.LastName].map((name) => name?.trim()).filter((name) => name);
  const levels = Object.entries(configuration?.AgentHierarchyGroups ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return {
    name: names.join(" ") || configuration?.Username || "",
    username: configuration?.Username ?? null,
    routingProfile: configuration?.RoutingProfile?.Name ?? null,
    groups: levels.flatMap(([, group]) => (group?.Name ? [group.Name] : [])),
  };
}

function statusOf(current: Snapshot | null, previous: Snapshot | null, occurredAt: number): AgentState["status"] {
  const status = current?.AgentStatus ?? null;
  if (status === null) return { name: "Offline", kind: "offline", since: occurredAt };
  const before = previous?.AgentStatus ?? null;
  const sameStatus = before?.Name === status.Name && before.StartTimestamp === status.StartTimestamp;
  // The status began before the call, but the agent has been free only since the last contact ended.
  const becameFree = sameStatus && callsOf(current).length === 0 && callsOf(previous).length > 0;
  return {
    name: status.Name,
    kind: statusKind(status.Type, status.Name),
    since: becameFree ? occurredAt : (status.StartTimestamp ?? occurredAt),
  };
}

/** Returns the kind of a status. Older events have no type, and a custom status cannot have one of these two names. */
export function statusKind(type: string | null, name: string): AgentState["status"]["kind"] {
  if (type === "ROUTABLE" || (type === null && name === "Available")) return "routable";
  if (type === "OFFLINE" || (type === null && name === "Offline")) return "offline";
  return "custom";
}

/** Returns the contacts without those of a listening supervisor (MONITOR), because these are not calls of the agent. */
function callsOf(snapshot: Snapshot | null) {
  return (snapshot?.Contacts ?? []).filter((contact) => contact.InitiationMethod !== "MONITOR");
}

const STATES: Readonly<Record<string, AgentContact["state"]>> = {
  INCOMING: "ringing",
  PENDING: "ringing",
  CONNECTING: "ringing",
  CONNECTED: "connected",
  CONNECTED_ONHOLD: "hold",
  ENDED: "ended",
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "error",
  PAUSED: "paused",
};
const CHANNELS: Readonly<Record<string, AgentContact["channel"]>> = {
  VOICE: "voice",
  CHAT: "chat",
  TASK: "task",
  TASKS: "task",
  EMAIL: "email",
};

/** Translates Connect's names for the state and channel of a contact. Returns null if one of them is unknown. */
export function contactWords(state: string, channel: string): Pick<AgentContact, "state" | "channel"> | null {
  const ours = { state: STATES[state], channel: CHANNELS[channel.toUpperCase()] };
  return ours.state === undefined || ours.channel === undefined ? null : { state: ours.state, channel: ours.channel };
}

function contactOf(contact: v.InferOutput<typeof contactSchema>, occurredAt: number): AgentContact[] {
  const words = contactWords(contact.State, contact.Channel);
  if (words === null) return [];
  return [
    {
      contactId: contact.ContactId,
      initialContactId: contact.InitialContactId || null,
      ...words,
      since: contact.StateStartTimestamp ?? occurredAt,
      connectedAt: contact.ConnectedToAgentTimestamp,
      queue: contact.Queue?.Name ?? null,
    },
  ];
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
