import type { BusEvent } from "../aws/event-bridge.ts";
import { agentArn, type Home, instanceArn } from "./agent-event.ts";
import type { Call } from "./call.ts";
import type { AgentProfile } from "./staff.ts";

/** What Amazon Connect knows of one contact. Times are epoch ms; null = it has not happened. */
export interface SimulatedContact {
  contactId: string;
  /** null on a first contact. */
  initialContactId: string | null;
  previousContactId: string | null;
  channel: "VOICE" | "CHAT" | "TASK" | "EMAIL";
  initiationMethod: string;
  initiatedAt: number;
  /** null for an outbound call. `since` is null while a callback waits for its time. */
  queue: { id: string; type: "STANDARD" | "AGENT"; since: number | null } | null;
  /** Who took the contact. `connectedAt` is null while the customer of a callback is not on the line. */
  agent: { profile: AgentProfile; acceptedAt: number | null; connectedAt: number | null } | null;
  scheduledAt: number | null;
  disconnect: { at: number; reason: string } | null;
}

/** The types of contact events that this simulation writes. */
export type ContactEventType =
  | "INITIATED"
  | "CONNECTED_TO_SYSTEM"
  | "QUEUED"
  | "CONNECTED_TO_AGENT"
  | "DISCONNECTED"
  | "COMPLETED"
  | "PAUSED"
  | "RESUMED";

/**
 * Returns Amazon Connect's EventBridge event about a contact ("Amazon Connect contact events" in its guide, and events of 2023 that
 * others captured; read 2026-11-26). An event repeats everything that has happened to its contact, and a first contact has no
 * `initialContactId`. The envelope's time has whole seconds, and the bus cuts it.
 * @param at when it happened, epoch ms
 */
export function contactEvent(home: Home, contact: SimulatedContact, eventType: ContactEventType, at: number): BusEvent {
  const instance = instanceArn(home);
  const { queue, agent, disconnect, scheduledAt } = contact;
  return {
    source: "aws.connect",
    "detail-type": "Amazon Connect Contact Event",
    resources: [instance, `${instance}/contact/${contact.contactId}`],
    time: at,
    detail: {
      eventType,
      contactId: contact.contactId,
      ...(contact.initialContactId !== null && { initialContactId: contact.initialContactId }),
      ...(contact.previousContactId !== null && { previousContactId: contact.previousContactId }),
      channel: contact.channel,
      instanceArn: instance,
      initiationMethod: contact.initiationMethod,
      initiationTimestamp: iso(contact.initiatedAt),
      ...(scheduledAt !== null && { scheduledTimestamp: iso(scheduledAt) }),
      ...(queue !== null && { queueInfo: queueInfo(instance, queue) }),
      ...(agent !== null && { agentInfo: agentInfo(home, agent) }),
      ...(disconnect !== null && { disconnectTimestamp: iso(disconnect.at), disconnectReason: disconnect.reason }),
      tags: { "aws:connect:instanceId": home.instanceId },
    },
  };
}

/** Returns the event for a call that has entered its queue. */
export function queuedEvent(home: Home, call: Call): BusEvent {
  return contactEvent(home, contactOf(call), "QUEUED", call.queuedAt);
}

/** Returns the event for the moment at which an agent and the customer are joined. */
export function connectedEvent(home: Home, call: Call, at: number, profile: AgentProfile): BusEvent {
  const agent = { profile, acceptedAt: null, connectedAt: at };
  return contactEvent(home, { ...contactOf(call), agent }, "CONNECTED_TO_AGENT", at);
}

/** Returns the event for the end of a call. */
export function disconnectedEvent(home: Home, call: Call, at: number): BusEvent {
  const disconnect = { at, reason: "CUSTOMER_DISCONNECT" };
  return contactEvent(home, { ...contactOf(call), disconnect }, "DISCONNECTED", at);
}

function contactOf(call: Call): SimulatedContact {
  const { answer } = call;
  return {
    contactId: call.contactId,
    initialContactId: null,
    previousContactId: null,
    channel: "VOICE",
    initiationMethod: call.kind === "webrtc" ? "WEBRTC_API" : "INBOUND",
    initiatedAt: call.queuedAt,
    queue: { id: call.queue.id, type: "STANDARD", since: call.queuedAt },
    agent: answer && { profile: answer.agent, acceptedAt: null, connectedAt: answer.at },
    scheduledAt: null,
    disconnect: null,
  };
}

function queueInfo(instance: string, { id, type, since }: NonNullable<SimulatedContact["queue"]>): object {
  const enqueued = since !== null && { enqueueTimestamp: iso(since) };
  return { queueArn: `${instance}/queue/${id}`, queueType: type, ...enqueued };
}

function agentInfo(home: Home, { profile, acceptedAt, connectedAt }: NonNullable<SimulatedContact["agent"]>): object {
  return {
    agentArn: agentArn(home, profile),
    ...(acceptedAt !== null && { acceptedByAgentTimestamp: iso(acceptedAt) }),
    ...(connectedAt !== null && { connectedToAgentTimestamp: iso(connectedAt) }),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
