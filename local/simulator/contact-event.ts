import type { BusEvent } from "../aws/event-bridge.ts";
import { agentArn, type Home, instanceArn } from "./agent-event.ts";
import type { AgentProfile, ConnectChannel } from "./staff.ts";

/** What Amazon Connect knows of one contact. Times are epoch ms; null = it has not happened. */
export interface SimulatedContact {
  contactId: string;
  /** null on a first contact. */
  initialContactId: string | null;
  previousContactId: string | null;
  channel: ConnectChannel;
  initiationMethod: string;
  initiatedAt: number;
  /** null on an inbound call, of which Amazon Connect does not say it. */
  connectedToSystemAt: number | null;
  /** null for an outbound call. `since` is null while a callback waits for its time. */
  queue: { id: string; type: "STANDARD" | "AGENT"; since: number | null } | null;
  /** Who took the contact. `connectedAt` is null while the customer of a callback is not on the line. */
  agent: { profile: AgentProfile; acceptedAt: number | null; connectedAt: number | null } | null;
  /** The agent's work after the end. */
  afterWork: { startedAt: number; endedAt: number | null } | null;
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
  const { queue, agent, disconnect, scheduledAt, connectedToSystemAt } = contact;
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
      ...(connectedToSystemAt !== null && { connectedToSystemTimestamp: iso(connectedToSystemAt) }),
      ...(scheduledAt !== null && { scheduledTimestamp: iso(scheduledAt) }),
      ...(queue !== null && { queueInfo: queueInfo(instance, queue) }),
      ...(agent !== null && { agentInfo: agentInfo(home, agent, contact.afterWork) }),
      ...(disconnect !== null && { disconnectTimestamp: iso(disconnect.at), disconnectReason: disconnect.reason }),
      tags: { "aws:connect:instanceId": home.instanceId },
    },
  };
}

function queueInfo(instance: string, { id, type, since }: NonNullable<SimulatedContact["queue"]>): object {
  const enqueued = since !== null && { enqueueTimestamp: iso(since) };
  return { queueArn: `${instance}/queue/${id}`, queueType: type, ...enqueued };
}

function agentInfo(
  home: Home,
  { profile, acceptedAt, connectedAt }: NonNullable<SimulatedContact["agent"]>,
  afterWork: SimulatedContact["afterWork"],
): object {
  return {
    agentArn: agentArn(home, profile),
    ...(acceptedAt !== null && { acceptedByAgentTimestamp: iso(acceptedAt) }),
    ...(connectedAt !== null && { connectedToAgentTimestamp: iso(connectedAt) }),
    ...(afterWork !== null && { afterContactWorkStartTimestamp: iso(afterWork.startedAt) }),
    ...(afterWork?.endedAt != null && {
      afterContactWorkEndTimestamp: iso(afterWork.endedAt),
      afterContactWorkDuration: Math.round((afterWork.endedAt - afterWork.startedAt) / 1000),
    }),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
