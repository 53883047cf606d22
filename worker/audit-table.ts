import type { Sql } from "./sql.ts";

/** The ids of people and contacts have columns of their own, so that an erasure finds them. */
export const AUDIT_TABLE = `
  CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL,
    subject TEXT NOT NULL, result TEXT NOT NULL, detail TEXT, agent_id TEXT, contact_id TEXT);`;

/** Who did it. */
export interface Actor {
  /** The subject of the identity. */
  subject: string;
  /** What people read; the subject where the identity has no name. */
  name: string;
}

/** What somebody did with the center. It holds no words of a customer and no telephone number. */
export interface AuditEntry {
  /** Epoch ms. */
  at: number;
  /** The subject of the identity, and its name. */
  who: string;
  name: string;
  /** A stable word such as `rules.save`. */
  what: string;
  /** What it was done to: an id; "" = the center as a whole. */
  subject: string;
  /** `ok`, or a stable word that says why not. */
  result: string;
  /** JSON or a short text. */
  detail?: string | null;
}

/** An entry as it is kept: the ids by which an erasure finds it. */
export interface NewAuditEntry extends AuditEntry {
  agentId?: string | null;
  contactId?: string | null;
}

type Row = Required<AuditEntry> & { agentId: string | null };

/** What of the log to read: entries in [`from`, `to`), the newest first. */
export interface AuditQuery {
  from: number;
  to: number;
  limit: number;
  /** The subject of who did it; null = everybody. */
  who: string | null;
  /** What was done, such as `rules.save`; null = everything. */
  did: string | null;
}

/** One step of reading. `next` null = it was the last one. */
interface AuditStep {
  entries: AuditEntry[];
  next: number | null;
}

/** A step takes a few ms. A year of a large center has hundreds of thousands of rows. */
export const ROWS_PER_STEP = 2_000;
/** Rows are in the order of time, unless a clock was set back. */
const CLOCK_MARGIN_MS = 60 * 60_000;

/** The log of what people did, in the SQLite of the center's object. Add an entry in the transaction of what it is about. */
export class AuditTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  addEntry(entry: NewAuditEntry): void {
    const { at, who, name, what, subject, result, detail = null, agentId = null, contactId = null } = entry;
    const query =
      "INSERT INTO audit (at, who, name, what, subject, result, detail, agent_id, contact_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    this.#sql.write(query, at, who, name, what, subject, result, detail, agentId, contactId);
  }

  /**
   * Reads one step of the log: the matching entries among the next {@link ROWS_PER_STEP} rows, the newest first.
   * @param before the {@link AuditStep.next} of the step before; null = begin with the newest row
   * @param mayRead whether the reader may have an entry; null = all of them
   */
  step(
    { from, to, limit, who, did }: AuditQuery,
    before: number | null,
    mayRead: ((entry: NewAuditEntry) => boolean) | null = null,
  ): AuditStep {
    const top = before ?? (this.#sql.read<{ id: number | null }>("SELECT max(id) AS id FROM audit")[0]?.id ?? 0) + 1;
    const bottom = top - ROWS_PER_STEP;
    const query =
      "SELECT at, who, name, what, subject, result, detail, agent_id AS agentId FROM audit WHERE id >= ? AND id < ? AND at >= ? AND at < ? " +
      "AND who = coalesce(?, who) AND what = coalesce(?, what) ORDER BY id DESC LIMIT ?";
    const atMost = mayRead === null ? limit : ROWS_PER_STEP;
    const rows = this.#sql.read<Row>(query, bottom, top, from, to, who, did, atMost).filter((row) => mayRead?.(row) ?? true);
    const entries = rows.slice(0, limit).map(({ agentId: _, ...entry }): AuditEntry => entry);
    const [older] = this.#sql.read<{ at: number }>("SELECT at FROM audit WHERE id < ? ORDER BY id DESC LIMIT 1", bottom);
    const isOver = older === undefined || older.at < from - CLOCK_MARGIN_MS || entries.length >= limit;
    return { entries, next: isOver ? null : bottom };
  }

  /** Deletes the entries from before a time. */
  deleteBefore(time: number): void {
    if ((this.oldestAt() ?? time) < time) this.#sql.write("DELETE FROM audit WHERE at < ?", time);
  }

  /** When the oldest entry was written, epoch ms; null = there is none. */
  oldestAt(): number | null {
    return this.#sql.read<{ at: number }>("SELECT at FROM audit ORDER BY id LIMIT 1")[0]?.at ?? null;
  }
}
