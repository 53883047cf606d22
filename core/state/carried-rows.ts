import * as v from "valibot";
import type { BoardRow } from "../board/collection.ts";
import { Multimap } from "../board/multimap.ts";
import { sameJson } from "../board/same-json.ts";
import type { AgentRecord } from "./agent-record.ts";
import { type AgentRow, contactFieldsSchema } from "./agent-row.ts";
import type { ContactRecord } from "./contact-record.ts";

/** The fields of an agent's row that the records of its contacts decide alone. */
const CARRIED_FIELDS: ReadonlySet<string> = new Set(["sentimentScore", "sentiment", "categories", "transcription", "contacts"]);

/** What a contact's stored record holds of an agent's row, beside the record itself. A page of SQLite should hold several. */
const carriedSchema = v.object({
  agentId: v.string(),
  /** The number of the change that made the row what it is. */
  seq: v.number(),
  sentimentScore: v.unknown(),
  /** Absent = that of the contact's own record. */
  sentiment: v.optional(v.unknown()),
  categories: v.unknown(),
  transcription: v.unknown(),
  /** The score of each of the row's contacts. */
  scores: v.array(v.unknown()),
});
type StoredCarriedRow = v.InferOutput<typeof carriedSchema>;

interface StoredAgent {
  record: AgentRecord;
  row: BoardRow<AgentRow> | null;
}

/** Whether a contact may carry the change of an agent's row: only scores and what else the contacts say differs. */
export function isCarriable(before: AgentRow | null, after: AgentRow | null, changed: readonly string[]): boolean {
  if (before === null || after === null || !changed.every((field) => CARRIED_FIELDS.has(field))) return false;
  return !changed.includes("contacts") || sameButScores(before.contacts, after.contacts);
}

/**
 * Rows of agents whose newest change is stored with a contact that was written anyway: most changes are scores, an agent's own row
 * is large, and rows cost money. Everything else of the row is as the agent's own row has it. One agent is carried by one contact.
 */
export class CarriedRows {
  readonly #rows = new Map<string, { contactId: string; row: BoardRow<AgentRow> }>();
  readonly #agentsOfContact = new Multimap<string, string>();

  /** Lets the contact carry the agent's row instead of any other. */
  addRow(contactId: string, row: BoardRow<AgentRow>): void {
    this.deleteRow(row.key);
    this.#rows.set(row.key, { contactId, row });
    this.#agentsOfContact.addValue(contactId, row.key);
  }

  /** Call when the agent's own row was written or deleted. */
  deleteRow(agentId: string): void {
    const carried = this.#rows.get(agentId);
    if (carried === undefined) return;
    this.#rows.delete(agentId);
    this.#agentsOfContact.deleteValue(carried.contactId, agentId);
  }

  /** The rows that the contact carries. They are lost with it, unless the agents' own rows are written first. */
  rowsOf(contactId: string): BoardRow<AgentRow>[] {
    return [...this.#agentsOfContact.valuesOf(contactId)].flatMap((agentId) => this.#rows.get(agentId)?.row ?? []);
  }

  /** All rows that contacts carry. */
  rows(): BoardRow<AgentRow>[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }

  /** Returns what is to be stored beside the record of a contact, as a field of the same object; undefined = nothing is. */
  carriedBy({ contactId, sentiment }: ContactRecord): readonly object[] | undefined {
    const rows = this.rowsOf(contactId);
    return rows.length === 0 ? undefined : rows.flatMap((row) => storedRow(row, sentiment) ?? []);
  }

  /**
   * Begins anew with what is stored. Returns the agents with their newest rows.
   * @param contacts contact id and stored record
   */
  restore(agents: readonly StoredAgent[], contacts: Iterable<readonly [string, unknown]>): StoredAgent[] {
    for (const agentId of [...this.#rows.keys()]) this.deleteRow(agentId);
    const newest = new Map<string, StoredCarriedRow & { contactId: string }>();
    for (const [contactId, stored] of contacts) {
      for (const row of carriedIn(stored)) {
        if (row.seq > (newest.get(row.agentId)?.seq ?? 0)) newest.set(row.agentId, { ...row, contactId });
      }
    }
    return agents.map(({ record, row }) => {
      const carried = newest.get(record.agentId);
      if (carried === undefined || row === null || carried.seq <= row.seq) return { record, row };
      const restored = restoredRow(row, carried);
      this.addRow(carried.contactId, restored);
      return { record, row: restored };
    });
  }
}

/** Returns a stored contact without the rows that it carries. */
export function withoutCarried(stored: object): object {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => name !== "carried"));
}

function storedRow({ key: agentId, seq, value }: BoardRow<AgentRow>, own: ContactRecord["sentiment"]): StoredCarriedRow | null {
  if (value === null) return null;
  const { sentimentScore, sentiment, categories, transcription } = value;
  const scores = value.contacts.map((contact) => contact.sentimentScore);
  const carried = { agentId, seq, sentimentScore, categories, transcription, scores };
  const isOwn = sentiment === null ? own === null : own !== null && isSame(sentiment, own);
  return isOwn ? carried : { ...carried, sentiment };
}

function isSame(a: NonNullable<AgentRow["sentiment"]>, b: NonNullable<AgentRow["sentiment"]>): boolean {
  return sameJson(a.customer, b.customer) && sameJson(a.agent, b.agent);
}

/** Returns what a stored contact carries. A newer version may have written something else there. */
function carriedIn(stored: unknown): StoredCarriedRow[] {
  if (typeof stored !== "object" || stored === null || !("carried" in stored) || !Array.isArray(stored.carried)) return [];
  const sentiment = "sentiment" in stored ? stored.sentiment : null;
  return stored.carried.flatMap((entry: unknown) => {
    const row = v.safeParse(carriedSchema, entry);
    return row.success ? { sentiment, ...row.output } : [];
  });
}

function restoredRow(row: BoardRow<AgentRow>, carried: StoredCarriedRow): BoardRow<AgentRow> {
  const { seq } = carried;
  const fields = v.safeParse(contactFieldsSchema, carried);
  // An agent that is off the board is carried by nobody, so this is a row of another hub's making.
  if (row.value === null || !fields.success) return { ...row, seq };
  const { scores, ...ofContacts } = fields.output;
  const contacts = row.value.contacts.map((contact, index) => ({ ...contact, sentimentScore: scores[index] ?? null }));
  return { ...row, seq, value: { ...row.value, ...ofContacts, contacts } };
}

function sameButScores(before: AgentRow["contacts"], after: AgentRow["contacts"]): boolean {
  return (
    before.length === after.length &&
    before.every((contact, index) => {
      const other = after[index];
      return other !== undefined && sameJson(contact, { ...other, sentimentScore: contact.sentimentScore });
    })
  );
}
