import { type AgentContactRow, type ContactStatus, MAX_SHOWN_CONTACTS, oneDecimal } from "../../protocol/agent.ts";
import type { ContactSentiment } from "../../protocol/updates.ts";
import { isTalk } from "./consultations.ts";
import type { ContactIndex } from "./contact-index.ts";
import type { RankedContact } from "./ranked-contacts.ts";

/** Returns the first of an agent's contacts as viewers see them, in the same order. */
export function contactRows(ranked: readonly RankedContact[], contacts: ContactIndex): AgentContactRow[] {
  return ranked.slice(0, MAX_SHOWN_CONTACTS).map((entry) => {
    const { contactId, channel, state, since, connectedAt, queue, direction } = entry.contact;
    return {
      contactId,
      channel,
      status: contactStatus(entry),
      since: entry.since,
      startedAt: connectedAt ?? (isTalk(state) ? since : null),
      queue,
      direction: direction ?? null,
      sentimentScore: isConversation(entry) ? oneDecimal(sentimentOf(entry, contacts)?.customer.score ?? null) : null,
    };
  });
}

/** Returns the newest sentiment of the contact; null = nothing is scored. */
export function sentimentOf({ contact, added }: RankedContact, contacts: ContactIndex): ContactSentiment | null {
  // The score of the call that runs beside it is that call's.
  if (added) return contacts.record(contact.contactId)?.sentiment ?? null;
  return contacts.matches(contact).find(({ sentiment }) => sentiment !== null)?.sentiment ?? null;
}

/** Whether the agent talks or writes on the contact, or holds it. */
export function isConversation({ status }: Pick<RankedContact, "status">): boolean {
  return status === "on a call" || status === "on hold";
}

function contactStatus({ status, contact }: RankedContact): ContactStatus {
  switch (status) {
    case "on a call":
      return contact.channel === "voice" ? "on a call" : "on a contact";
    case null:
    case "available":
    case "away":
    case "offline":
      return "paused";
    default:
      return status;
  }
}
