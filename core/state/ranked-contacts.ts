import type { AgentContact, AgentStateBody } from "../../protocol/updates.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { consultations, isTalk } from "./consultations.ts";
import type { ContactIndex } from "./contact-index.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";

/** A contact of an agent, with what the agent does on it. */
export interface RankedContact {
  readonly contact: AgentContact;
  /** In the words of the first release; null = paused. */
  readonly status: AgentRow["status"] | null;
  /** When that began, epoch ms. */
  readonly since: number;
  /** Whether the contact only belongs to a customer's call that goes on. It decides nothing then. */
  readonly added: boolean;
}

/**
 * Amazon Connect reports an agent's own status ("Available") even during a call. A supervisor means the status of the contacts
 * first. The precedence is that of "Agent activity" in the Amazon Connect administrator guide:
 * error > missed or rejected > connected or on hold > after contact work > incoming > custom > available > offline.
 */
const STATUS: Readonly<Record<AgentContact["state"], { status: AgentRow["status"] | null; rank: number }>> = {
  error: { status: "error", rank: 0 },
  missed: { status: "missed", rank: 1 },
  rejected: { status: "missed", rank: 1 },
  connected: { status: "on a call", rank: 2 },
  hold: { status: "on hold", rank: 2 },
  ended: { status: "after call work", rank: 3 },
  ringing: { status: "ringing", rank: 4 },
  // Nobody waits on a paused task, so the agent's own status counts.
  paused: { status: null, rank: 5 },
};

/**
 * Returns all contacts of an agent in one order: those that decide something come first, then those that the agent added to a
 * running call, then paused ones. Among them: by precedence, then voice first, then talk before hold, then the older one.
 * @param state what counts of the agent
 */
export function rankedContacts(record: AgentRecord, state: AgentStateBody, contacts: ContactIndex): RankedContact[] {
  const held = state.contacts.filter((contact) => !record.expiredContacts.includes(contact.contactId));
  const added = consultations(held, (contact) => isTalk(contact.state) && endOf(contacts, contact, state) === null);
  return held
    .map((contact) => {
      const endedAt = endOf(contacts, contact, state);
      const { status, rank } = STATUS[endedAt === null ? contact.state : "ended"];
      return { contact, status, since: endedAt ?? contact.since, added: added.has(contact), rank };
    })
    .sort(inOrder);
}

/** Returns the contact that decides the agent's status; null = none does. */
export function decidingContact(ranked: readonly RankedContact[]): (RankedContact & { status: AgentRow["status"] }) | null {
  const [first] = ranked;
  return first === undefined || first.added || first.status === null ? null : { ...first, status: first.status };
}

/** Returns the end of the contact if it is newer than the agent's own news, which is else right about the contact. */
export function endAfter(record: ContactRecord, state: AgentStateBody): number | null {
  const endedAt = endOfContact(record);
  return endedAt !== null && endedAt > state.occurredAt ? endedAt : null;
}

/** Returns the end of a talk that still goes on by the agent's newest news; null = it goes on, or there is none. */
function endOf(contacts: ContactIndex, contact: AgentContact, state: AgentStateBody): number | null {
  const record = contacts.record(contact.contactId);
  return record === undefined || !isTalk(contact.state) ? null : endAfter(record, state);
}

type Candidate = RankedContact & { readonly rank: number };

function inOrder(a: Candidate, b: Candidate): number {
  return (
    Number(a.status === null) - Number(b.status === null) ||
    Number(a.added) - Number(b.added) ||
    a.rank - b.rank ||
    Number(b.contact.channel === "voice") - Number(a.contact.channel === "voice") ||
    Number(b.status === "on a call") - Number(a.status === "on a call") ||
    a.since - b.since ||
    (a.contact.contactId < b.contact.contactId ? -1 : 1)
  );
}
