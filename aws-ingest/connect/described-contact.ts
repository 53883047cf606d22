import type { ContactQueue } from "../../protocol/queue-updates.ts";
import { contactIds, methodWord } from "./contact-queue.ts";
import { channelWord } from "./contact-words.ts";
import { type ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";

/** The fields that are read of a contact (API reference, DescribeContact, read 2026-11-26). */
export interface DescribedContact {
  Id?: string | undefined;
  InitialContactId?: string | undefined;
  PreviousContactId?: string | undefined;
  InitiationMethod?: string | undefined;
  Channel?: string | undefined;
  QueueInfo?: { Id?: string | undefined; EnqueueTimestamp?: Date | undefined } | undefined;
  AgentInfo?:
    | { Id?: string | undefined; AcceptedByAgentTimestamp?: Date | undefined; ConnectedToAgentTimestamp?: Date | undefined }
    | undefined;
  DisconnectTimestamp?: Date | undefined;
  ScheduledTimestamp?: Date | undefined;
  LastPausedTimestamp?: Date | undefined;
  LastResumedTimestamp?: Date | undefined;
}

/**
 * Returns what Amazon Connect knows of a contact that the hub doubts; null if it cannot be read.
 * @param askedAt when Amazon Connect was asked (epoch ms): the answer is true as of then
 */
export function describedQueue(
  contactId: string,
  contact: DescribedContact,
  askedAt: number,
  values: ForeignValues,
): ContactQueue | null {
  const channel = channelWord(contact.Channel ?? "");
  if (channel === null) {
    values.flaws.skipped += 1;
    return null;
  }
  const { QueueInfo, AgentInfo } = contact;
  const timeOf = (time: Date | undefined) => unlessAhead(timeOrNull(time), askedAt);
  const pausedAt = timeOrNull(contact.LastPausedTimestamp);
  return {
    type: "contact.queue",
    ...contactIds(contactId, contact.InitialContactId, contact.PreviousContactId, values),
    channel,
    method: methodWord(contact.InitiationMethod),
    queueId: values.idOrNull(QueueInfo?.Id),
    // The answer does not say whose queue it is.
    queueKind: null,
    enqueuedAt: timeOf(QueueInfo?.EnqueueTimestamp),
    acceptedAt: timeOf(AgentInfo?.AcceptedByAgentTimestamp),
    connectedAt: timeOf(AgentInfo?.ConnectedToAgentTimestamp),
    endedAt: timeOf(contact.DisconnectTimestamp),
    scheduledAt: timeOrNull(contact.ScheduledTimestamp),
    paused: pausedAt === null ? null : pausedAt > (timeOrNull(contact.LastResumedTimestamp) ?? 0),
    agentId: values.idOrNull(AgentInfo?.Id),
    occurredAt: askedAt,
  };
}

/**
 * Returns the end of a contact that Amazon Connect does not know. Its end is unknown, so it is the time of the answer.
 * The channel is a word that the update needs and that nobody knows: the contact is over, so it counts in no channel.
 */
export function unknownContactEnd(contactId: string, askedAt: number): ContactQueue {
  return {
    type: "contact.queue",
    contactId,
    initialContactId: null,
    previousContactId: null,
    channel: "voice",
    method: null,
    queueId: null,
    queueKind: null,
    enqueuedAt: null,
    acceptedAt: null,
    connectedAt: null,
    endedAt: askedAt,
    scheduledAt: null,
    paused: null,
    agentId: null,
    occurredAt: askedAt,
  };
}
