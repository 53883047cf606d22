import { ContactIndex } from "./contact-index.ts";
import type { StoredState } from "./ports.ts";
import { heldContacts } from "./public-agent.ts";

/** Returns the ids of all stored contacts of the calls that an agent holds or has just ended, with their earlier and later parts. */
export function contactsOfAgent({ agents, contacts, listing }: StoredState, agentId: string): Set<string> {
  const index = new ContactIndex();
  for (const contact of contacts) index.saveRecord(contact);
  const found = new Set<string>();
  for (const { record } of agents) {
    if (record.agentId !== agentId) continue;
    for (const held of heldContacts(record, listing)) for (const { contactId } of index.matches(held)) found.add(contactId);
  }
  return found;
}
