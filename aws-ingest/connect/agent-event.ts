import * as v from "valibot";
import type { AgentContact, AgentState, Update } from "../../protocol/updates.ts";

/**
 * One record of Amazon Connect's agent event stream ("Agent event streams data model", administrator guide) and the update
 * it means. Snapshots may be null, sparse (LOGIN, LOGOUT) and carry fields nobody has heard of.
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

/** Reads one record (parsed JSON). A refusal names the first wrong place, never the value found there. */
export function readAgentEvent(json: unknown, instanceId: string): ReadAgentEvent {
  if (json === undefined) return { ok: false, reason: "the record is not JSON" };
  const result = v.safeParse(agentEventSchema, json, { abortEarly: true });
  if (!result.success) return { ok: false, reason: `${v.getDotPath(result.issues[0]) ?? "the record"} is missing or wrong` };
  const event = result.output;
  if (lastPart(event.InstanceARN) !== instanceId) return { ok: false, reason: "InstanceARN is another instance's" };

  const agentId = lastPart(event.AgentARN);
  const occurredAt = event.EventTimestamp;
  // Heartbeats go on for an hour after a logout with the last snapshot: they say that the stream lives, and no more.
  if (event.EventType === "HEART_BEAT") return { ok: true, update: { type: "agent.heartbeat", agentId, occurredAt } };

  const current = event.CurrentAgentSnapshot;
  const previous = event.PreviousAgentSnapshot;
  const person = personOf(current?.Configuration ?? previous?.Configuration ?? null);
  if (event.EventType === "LOGOUT") {
    // Logging out does not set the agent's status to Offline: the event wins over its snapshot.
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
  // The status began before the call; the agent is free for the next one only since its last contact was cleared.
  const justFree = sameStatus && callsOf(current).length === 0 && callsOf(previous).length > 0;
  return {
    name: status.Name,
    kind: statusKind(status.Type, status.Name),
    since: justFree ? occurredAt : (status.StartTimestamp ?? occurredAt),
  };
}

/** Older events have no type. An agent can rename no status into these two: they are the instance's own. */
export function statusKind(type: string | null, name: string): AgentState["status"]["kind"] {
  if (type === "ROUTABLE" || (type === null && name === "Available")) return "routable";
  if (type === "OFFLINE" || (type === null && name === "Offline")) return "offline";
  return "custom";
}

/** A supervisor who listens in has a contact of their own (MONITOR); it is nobody's call. */
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

/** Connect's names for a contact's state and channel; null for one that is not known (yet). */
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
