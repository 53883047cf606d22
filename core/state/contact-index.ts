import type { AgentContact } from "../../protocol/updates.ts";
import { Multimap } from "../board/multimap.ts";
import { type ContactRecord, updatedAt } from "./contact-record.ts";

/** The two ids by which a contact is known. */
export type ContactIds = Pick<AgentContact, "contactId" | "initialContactId">;

/**
 * All known contacts, found by their own id or by that of the first contact of the same customer's call. At a transfer Amazon
 * Connect gives the call a new contact id and keeps the first one as `initialContactId`.
 */
export class ContactIndex {
  readonly #records = new Map<string, ContactRecord>();
  readonly #idsByKey = new Multimap<string, string>();

  record(contactId: string): ContactRecord | undefined {
    return this.#records.get(contactId);
  }

  records(): Iterable<ContactRecord> {
    return this.#records.values();
  }

  saveRecord(record: ContactRecord): void {
    const before = this.#records.get(record.contactId);
    if (before !== undefined && before.initialContactId === record.initialContactId) {
      this.#records.set(record.contactId, record);
      return;
    }
    this.deleteRecord(record.contactId);
    this.#records.set(record.contactId, record);
    for (const key of keysOf(record)) this.#idsByKey.addValue(key, record.contactId);
  }

  deleteRecord(contactId: string): void {
    const record = this.#records.get(contactId);
    if (record === undefined) return;
    this.#records.delete(contactId);
    for (const key of keysOf(record)) this.#idsByKey.deleteValue(key, contactId);
  }

  /** Every record that belongs to an agent's contact, the closest first. */
  matches(contact: ContactIds): ContactRecord[] {
    const found: ContactRecord[] = [];
    for (const key of keysOf(contact)) {
      for (const id of this.#idsByKey.valuesOf(key)) {
        const record = this.#records.get(id);
        if (record !== undefined && !found.includes(record)) found.push(record);
      }
    }
    return found.sort(
      (a, b) =>
        distance(a, contact) - distance(b, contact) || updatedAt(b) - updatedAt(a) || (a.contactId < b.contactId ? -1 : 1),
    );
  }
}

/** The ids under which a contact is found. */
export function keysOf({ contactId, initialContactId }: ContactIds): string[] {
  return initialContactId === null ? [contactId] : [contactId, initialContactId];
}

/** 0 = the contact itself, 1 = the call's first contact, 2 = a later contact of the same call, 3 = a sibling. */
function distance(record: ContactRecord, contact: ContactIds): number {
  if (record.contactId === contact.contactId) return 0;
  if (record.contactId === contact.initialContactId) return 1;
  return record.initialContactId === contact.contactId ? 2 : 3;
}
