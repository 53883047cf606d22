import type { AgentContact } from "../../protocol/updates.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import { keysOf } from "./contact-index.ts";
import { type ContactRecord, newContact } from "./contact-record.ts";

/** The groups of the agent that held a contact, and what that agent said of it. */
interface LastHolder {
  readonly groups: readonly string[];
  readonly contact: AgentContact;
}

/**
 * Who held the contacts of one batch, by each id of a contact. The first news of a contact may come after its agent has let it go,
 * and must then be open to the same viewers as before.
 */
export class LastHolders {
  readonly #holders = new Map<string, LastHolder>();

  /** Notes the contacts of an agent in these groups. Without groups nobody but unlimited viewers may read them anyway. */
  noteHeld(contacts: readonly AgentContact[], groups: readonly string[]): void {
    if (groups.length === 0) return;
    for (const contact of contacts) for (const key of keysOf(contact)) this.#holders.set(key, { groups, contact });
  }

  /** Returns the records to save: of contacts that no agent holds any more, and of which no groups are known. */
  missingRecords(
    recordOf: (contactId: string) => ContactRecord | undefined,
    assignments: ContactAssignments,
    now: number,
  ): ContactRecord[] {
    return [...this.#holders].flatMap(([contactId, { groups, contact }]) => {
      const known = recordOf(contactId);
      const isOpen = known === undefined || known.groups.length === 0;
      if (!isOpen || assignments.agentsOf(known ?? { contactId, initialContactId: null }).size > 0) return [];
      const record = known ?? { ...newContact(contactId), channel: contact.channel, receivedAt: now };
      return [{ ...record, groups: [...groups] }];
    });
  }
}
