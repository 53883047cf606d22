import type { AgentContact } from "../../protocol/updates.ts";

/** How a contact begins that an agent adds to a running call. An agent cannot place another call meanwhile. */
const ADDED_BY_AGENT: ReadonlySet<string> = new Set(["consult", "outbound", "transfer"]);

/**
 * Returns the contacts that an agent holds besides a customer's running call, and that belong to it: the agent asks a colleague
 * before a transfer, or has added somebody to a conference. Amazon Connect gives each of these a contact of its own, mostly without a
 * queue.
 * @param isTalk whether the agent talks on the contact, or holds it
 */
export function consultations(contacts: readonly AgentContact[], isTalk: (contact: AgentContact) => boolean): Set<AgentContact> {
  const voices = contacts.filter(({ channel }) => channel === "voice");
  const talks = voices.filter(isTalk);
  const added = new Set(voices.filter((contact) => talks.some((call) => comesBefore(call, contact) && belongsTo(contact, call))));
  // Contradictory news can make each talk belong to another one. Then all are calls of their own.
  return talks.every((call) => added.has(call)) ? new Set() : added;
}

/** Whether both are contacts of one customer's call. */
function isSameCall(a: AgentContact, b: AgentContact): boolean {
  const firstOf = ({ contactId, initialContactId }: AgentContact) => initialContactId ?? contactId;
  return firstOf(a) === firstOf(b) || firstOf(a) === b.contactId || firstOf(b) === a.contactId;
}

/** A list of Amazon Connect does not name the first contact. There, the way in which the contact began tells. */
function belongsTo(contact: AgentContact, call: AgentContact): boolean {
  return isSameCall(contact, call) || (contact.initialContactId === null && ADDED_BY_AGENT.has(contact.direction ?? ""));
}

/** Of one call, the customer's contact comes first: it is no consultation, it is the call's first contact, or it is older. */
function comesBefore(a: AgentContact, b: AgentContact): boolean {
  const [consultA, consultB] = [a.direction === "consult", b.direction === "consult"];
  if (consultA !== consultB) return consultB;
  const [firstA, firstB] = [b.initialContactId === a.contactId, a.initialContactId === b.contactId];
  if (firstA !== firstB) return firstA;
  const [begunA, begunB] = [a.connectedAt ?? a.since, b.connectedAt ?? b.since];
  return begunA === begunB ? a.contactId < b.contactId : begunA < begunB;
}

/** Whether the agent talks on a contact in this state, or holds it. */
export function isTalk(state: AgentContact["state"]): boolean {
  return state === "connected" || state === "hold";
}
