import type { ContactQueue } from "../../protocol/queue-updates.ts";
import { channelWord } from "./contact-words.ts";
import { type ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";

/**
 * Turns what Amazon Connect says of one contact into `contact.queue`. Telephone numbers, task names, attributes, customer ids and
 * the agent's hierarchy are in the same event, and nothing here reads them.
 */

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a contact event that are read, with their names in lower case. */
export interface QueueEvent {
  /** In upper case. */
  type: string;
  contactid: string;
  initialcontactid: string | null;
  previouscontactid: string | null;
  channel: string | null;
  initiationmethod: string | null;
  initiationtimestamp: string | null;
  connectedtosystemtimestamp: string | null;
  scheduledtimestamp: string | null;
  disconnecttimestamp: string | null;
  /** null = the event names no queue. */
  queueInfo: Fields | null;
  /** null = no agent has had the contact, for example when the caller gave up. */
  agentInfo: Fields | null;
}

/** A queue of one agent has the id of its agent. */
const QUEUE_ARN = /\/queue\/(agent\/)?([^/]+)$/;
const AGENT_ARN = /\/agent\/([^/]+)$/;
/** Amazon Connect's words for how a contact began are of this form. Anything else is not passed on. */
const METHOD = /^[a-z][a-z_]{0,39}$/;

/**
 * Returns the update, or null for a contact whose channel is unknown or that has no time at all.
 * @param sentAt when EventBridge got the event, epoch ms; null = unknown. It stands for a time that the event itself lacks.
 */
export function contactQueueOf(event: QueueEvent, sentAt: number | null, values: ForeignValues): ContactQueue | null {
  const channel = channelWord(event.channel ?? "");
  if (channel === null) {
    values.flaws.skipped += 1;
    return null;
  }
  const { type, queueInfo, agentInfo } = event;
  const timeOf = (text: string | null) => unlessAhead(timeOrNull(text));
  const given = (fields: Fields | null, name: string) => timeOf(textOf(fields?.[name]));
  const acceptedAt = given(agentInfo, "acceptedbyagenttimestamp");
  const enqueuedAt = given(queueInfo, "enqueuetimestamp") ?? (type === "QUEUED" ? sentAt : null);
  const connectedAt = given(agentInfo, "connectedtoagenttimestamp") ?? (type === "CONNECTED_TO_AGENT" ? sentAt : null);
  const isOver = type === "DISCONNECTED" || type === "COMPLETED";
  const endedAt = timeOf(event.disconnecttimestamp) ?? (isOver ? sentAt : null);
  const isPause = type === "PAUSED" || type === "RESUMED";
  // A scheduled time lies ahead, so it is no time at which something has happened.
  const happened = [
    timeOf(event.initiationtimestamp),
    timeOf(event.connectedtosystemtimestamp),
    enqueuedAt,
    acceptedAt,
    given(agentInfo, "previewendtimestamp"),
    connectedAt,
    endedAt,
    given(agentInfo, "aftercontactworkstarttimestamp"),
    given(agentInfo, "aftercontactworkendtimestamp"),
    // An event of a pause does not say in its detail when the pause began or ended.
    isPause ? sentAt : null,
  ].filter((time) => time !== null);
  const occurredAt = happened.length > 0 ? Math.max(...happened) : sentAt;
  if (occurredAt === null) {
    values.flaws.skipped += 1;
    return null;
  }
  const queue = QUEUE_ARN.exec(textOf(queueInfo?.["queuearn"]));
  return {
    type: "contact.queue",
    ...contactIds(event.contactid, event.initialcontactid, event.previouscontactid, values),
    channel,
    method: methodWord(event.initiationmethod),
    queueId: values.idOrNull(queue?.[2]),
    queueKind: kindWord(textOf(queueInfo?.["queuetype"])) ?? (queue?.[1] === undefined ? null : "agent"),
    enqueuedAt,
    acceptedAt,
    connectedAt,
    endedAt,
    scheduledAt: timeOrNull(event.scheduledtimestamp),
    paused: isPause ? type === "PAUSED" : null,
    agentId: values.idOrNull(AGENT_ARN.exec(textOf(agentInfo?.["agentarn"]))?.[1]),
    occurredAt,
  };
}

/** Returns the ids of a contact and of those before it. A first contact is neither its own initial nor its own previous contact. */
export function contactIds(
  contactId: string,
  initialContactId: string | null | undefined,
  previousContactId: string | null | undefined,
  values: ForeignValues,
): Pick<ContactQueue, "contactId" | "initialContactId" | "previousContactId"> {
  return {
    contactId: values.id(contactId),
    initialContactId: initialContactId === contactId ? null : values.idOrNull(initialContactId),
    previousContactId: previousContactId === contactId ? null : values.idOrNull(previousContactId),
  };
}

/** Returns Amazon Connect's own word for how a contact began, in lower case; null if it says none. */
export function methodWord(initiationMethod: string | null | undefined): string | null {
  const word = initiationMethod?.toLowerCase() ?? "";
  return METHOD.test(word) ? word : null;
}

function kindWord(queueType: string): ContactQueue["queueKind"] {
  const word = queueType.toLowerCase();
  return word === "standard" || word === "agent" ? word : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
