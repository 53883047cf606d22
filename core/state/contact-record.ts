import type { AgentContact, ContactCategory, ContactEnded, ContactSentiment, ContactTurn } from "../../protocol/updates.ts";

/** Of one contact. Each costs every frame that has the agent whole; a row of SQLite must stay below 2 MB. */
const MAX_CATEGORIES = 100;

/** What has been said about one contact; folds as an agent's record does, newest wins. */
export interface ContactRecord {
  contactId: string;
  initialContactId: string | null;
  sentiment: ContactSentiment | null;
  /** Category name -> when it was first matched. */
  categories: Readonly<Record<string, number>>;
  /** When the contact ended; null while it goes on. */
  endedAt: number | null;
  /** Whether any of its turns are known. */
  spoken: boolean;
  /** When the hub last heard of the contact, on its own clock. */
  heardAt: number;
  /** The groups of the agents that held it last: who may read its transcript. */
  groups: readonly string[];
}

export function newContact(contactId: string): ContactRecord {
  return {
    contactId,
    initialContactId: null,
    sentiment: null,
    categories: {},
    endedAt: null,
    spoken: false,
    heardAt: 0,
    groups: [],
  };
}

/** Returns the new record, or null when the update says nothing new. */
export function foldContact(
  record: ContactRecord,
  update: ContactSentiment | ContactCategory | ContactEnded,
  now: number,
): ContactRecord | null {
  const news = newsOf(record, update);
  const initialContactId = initialOf(record, update);
  if (news === null && initialContactId === record.initialContactId) return null;
  return { ...record, ...news, initialContactId, heardAt: now };
}

/** A turn keeps a contact from being swept and may teach its first contact. `news` = whether the turn itself was new. */
export function foldSpoken(record: ContactRecord, turn: ContactTurn, news: boolean, now: number): ContactRecord | null {
  const initialContactId = initialOf(record, turn);
  if (!news && initialContactId === record.initialContactId) return null;
  return { ...record, spoken: true, initialContactId, heardAt: now };
}

function newsOf(record: ContactRecord, update: ContactSentiment | ContactCategory | ContactEnded): Partial<ContactRecord> | null {
  switch (update.type) {
    case "contact.sentiment":
      return isNewer(update, record.sentiment) ? { sentiment: update } : null;
    case "contact.category": {
      const known = record.categories[update.name];
      if (known !== undefined && known <= update.occurredAt) return null;
      const categories = firstMatched({ ...record.categories, [update.name]: update.occurredAt });
      return Object.hasOwn(categories, update.name) ? { categories } : null;
    }
    case "contact.ended":
      return record.endedAt !== null && record.endedAt >= update.occurredAt ? null : { endedAt: update.occurredAt };
  }
}

/** Those that count. What is passed over can never count later: the others' times only get earlier. */
function firstMatched(categories: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const all = Object.entries(categories);
  if (all.length <= MAX_CATEGORIES) return categories;
  all.sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1));
  return Object.fromEntries(all.slice(0, MAX_CATEGORIES));
}

/** Two updates that disagree: the greater id, in every order alike. */
function initialOf(record: ContactRecord, update: { initialContactId: string | null }): string | null {
  const told = update.initialContactId;
  return told !== null && told > (record.initialContactId ?? "") ? told : record.initialContactId;
}

/** When something about the contact that the board shows was last new. Read off the record, so that no order matters. */
function updatedAt({ sentiment, endedAt, categories }: ContactRecord): number {
  return Math.max(sentiment?.occurredAt ?? 0, endedAt ?? 0, ...Object.values(categories));
}

function isNewer(update: ContactSentiment, than: ContactSentiment | null): boolean {
  if (than === null || update.occurredAt > than.occurredAt) return true;
  return update.occurredAt === than.occurredAt && JSON.stringify(update) > JSON.stringify(than);
}

/**
 * All known contacts, found by their own id or by that of the first contact of the same customer's call: at a transfer
 * Amazon Connect gives the call a new contact id and keeps the first one as `initialContactId`.
 */
export class ContactIndex {
  readonly #records = new Map<string, ContactRecord>();
  readonly #byKey = new Map<string, Set<string>>();

  get(contactId: string): ContactRecord | undefined {
    return this.#records.get(contactId);
  }

  all(): Iterable<ContactRecord> {
    return this.#records.values();
  }

  put(record: ContactRecord): void {
    this.delete(record.contactId);
    this.#records.set(record.contactId, record);
    for (const key of keysOf(record)) {
      const ids = this.#byKey.get(key) ?? new Set();
      this.#byKey.set(key, ids.add(record.contactId));
    }
  }

  delete(contactId: string): void {
    const record = this.#records.get(contactId);
    if (record === undefined) return;
    this.#records.delete(contactId);
    for (const key of keysOf(record)) {
      const ids = this.#byKey.get(key);
      ids?.delete(contactId);
      if (ids?.size === 0) this.#byKey.delete(key);
    }
  }

  /** Every record that belongs to an agent's contact, the closest first. */
  matches(contact: Pick<AgentContact, "contactId" | "initialContactId">): ContactRecord[] {
    const ids = new Set<string>();
    for (const key of keysOf(contact)) for (const id of this.#byKey.get(key) ?? []) ids.add(id);
    const found: ContactRecord[] = [];
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record !== undefined) found.push(record);
    }
    return found.sort(
      (a, b) =>
        distance(a, contact) - distance(b, contact) || updatedAt(b) - updatedAt(a) || (a.contactId < b.contactId ? -1 : 1),
    );
  }
}

/** The ids under which a contact is looked for. */
export function keysOf(contact: { contactId: string; initialContactId: string | null }): string[] {
  const { contactId, initialContactId } = contact;
  return initialContactId === null || initialContactId === contactId ? [contactId] : [contactId, initialContactId];
}

/** 0 = the contact itself, 1 = the call's first contact, 2 = a later contact of the same call, 3 = a sibling. */
function distance(record: ContactRecord, contact: { contactId: string; initialContactId: string | null }): number {
  if (record.contactId === contact.contactId) return 0;
  if (record.contactId === contact.initialContactId) return 1;
  return record.initialContactId === contact.contactId ? 2 : 3;
}
