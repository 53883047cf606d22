import type { BoardRow } from "../core/board/collection.ts";
import type { AgentRow } from "../core/state/agent-row.ts";
import { CarriedRows, withoutCarried } from "../core/state/carried-rows.ts";
import type { ContactRecord } from "../core/state/contact-record.ts";
import type { StoredState } from "../core/state/ports.ts";
import { contactRecordToStored, parseContactRecord } from "../core/state/stored-records.ts";
import { parseJson, type Sql } from "./sql.ts";
import { readable } from "./storage-cause.ts";

/** The table of contacts. A contact carries the newest rows of its agents when only their scores changed. */
export class ContactTable {
  readonly #sql: Sql;
  readonly #saveAgentRow: (row: BoardRow<AgentRow>) => void;
  readonly #carried = new CarriedRows();

  /** @param saveAgentRow writes the public row of an agent whose record is stored */
  constructor(sql: Sql, saveAgentRow: (row: BoardRow<AgentRow>) => void) {
    this.#sql = sql;
    this.#saveAgentRow = saveAgentRow;
  }

  /** Returns the contacts, and the agents with their newest rows. */
  load(agents: StoredState["agents"]): Pick<StoredState, "agents" | "contacts"> {
    const stored = this.#sql
      .read<{ id: string; record: string }>("SELECT contact_id AS id, record FROM contacts")
      .map(({ id, record }) => [id, parseJson(record)] as const);
    return {
      agents: this.#carried.restore([...agents], stored),
      contacts: stored.flatMap(([, record]) => readable("contacts", parseContactRecord(record)) ?? []),
    };
  }

  saveContact(record: ContactRecord): void {
    this.#write(record.contactId, contactRecordToStored(record, this.#carried.carriedBy(record)));
  }

  /** The contact is saved in the same transaction. */
  carryRow(contactId: string, row: BoardRow<AgentRow>): void {
    this.#carried.addRow(contactId, row);
  }

  /** Call when an agent's own row was written or deleted. */
  agentSaved(agentId: string): void {
    this.#carried.deleteRow(agentId);
  }

  deleteContact(contactId: string): void {
    this.#landRows(this.#carried.rowsOf(contactId));
    this.#sql.write("DELETE FROM contacts WHERE contact_id = ?", contactId);
  }

  /** Writes the agents' own rows instead, and leaves nothing of them with any contact. */
  landRows(): void {
    this.#landRows(this.#carried.rows());
    const query = `SELECT contact_id AS id, record FROM contacts WHERE record LIKE '%"carried":%'`;
    for (const { id, record } of this.#sql.read<{ id: string; record: string }>(query)) {
      const stored = parseJson(record);
      if (typeof stored === "object" && stored !== null) this.#write(id, withoutCarried(stored));
    }
  }

  #landRows(rows: readonly BoardRow<AgentRow>[]): void {
    for (const row of rows) {
      this.#saveAgentRow(row);
      this.#carried.deleteRow(row.key);
    }
  }

  #write(contactId: string, stored: object): void {
    this.#sql.write("INSERT OR REPLACE INTO contacts VALUES (?, ?)", contactId, JSON.stringify(stored));
  }
}
