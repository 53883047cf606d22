import * as v from "valibot";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { parseJson, type Sql } from "../sql.ts";

/** `filter` is JSON: a list of groups, or null for every group. Of the secret there is only a hash. */
export const DISPLAY_TABLE = `
  CREATE TABLE displays (name TEXT PRIMARY KEY, id TEXT NOT NULL, secret_hash TEXT NOT NULL, filter TEXT NOT NULL,
    made_at INTEGER NOT NULL, made_by TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID;`;

/** The link of one wallboard. Times are epoch ms. */
export interface DisplayLink {
  name: string;
  /** Another one for each link, also when it replaces one of the same name. */
  id: string;
  groupFilter: GroupFilter;
  madeAt: number;
  /** The name of the person who made it. */
  madeBy: string;
  expiresAt: number;
  /** When its wallboard last asked for a ticket, to ten minutes; null = never. */
  usedAt: number | null;
}

/** The stored value is only as new as this, because each write costs a row. */
const NOTE_USE_EVERY_MS = 10 * 60_000;
/** An unreadable filter shows nothing. */
const filterSchema = v.fallback(v.nullable(v.array(v.string())), []);

interface Row extends Record<string, SqlStorageValue> {
  name: string;
  id: string;
  filter: string;
  made_at: number;
  made_by: string;
  expires_at: number;
  used_at: number | null;
}

/** The display links of one contact center. There are few, so nothing is kept in memory. */
export class DisplayTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Stores a link instead of the one with the same name. */
  saveLink(link: DisplayLink, secretHash: string): void {
    const { name, id, groupFilter, madeAt, madeBy, expiresAt, usedAt } = link;
    const filter = JSON.stringify(groupFilter);
    const query = "INSERT OR REPLACE INTO displays VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    this.#sql.write(query, name, id, secretHash, filter, madeAt, madeBy, expiresAt, usedAt);
  }

  deleteLink(name: string): void {
    this.#sql.write("DELETE FROM displays WHERE name = ?", name);
  }

  /** Returns the links that have not expired, by name. */
  links(now: number): DisplayLink[] {
    return this.#sql.read<Row>("SELECT * FROM displays WHERE expires_at > ? ORDER BY name", now).map(linkOf);
  }

  linkByName(name: string, now: number): DisplayLink | null {
    const [row] = this.#sql.read<Row>("SELECT * FROM displays WHERE name = ? AND expires_at > ?", name, now);
    return row === undefined ? null : linkOf(row);
  }

  linkBySecret(secretHash: string, now: number): DisplayLink | null {
    const [row] = this.#sql.read<Row>("SELECT * FROM displays WHERE secret_hash = ? AND expires_at > ?", secretHash, now);
    return row === undefined ? null : linkOf(row);
  }

  /** Whether the link with this id may still be used. */
  hasLink(id: string, now: number): boolean {
    return this.#sql.read("SELECT 1 FROM displays WHERE id = ? AND expires_at > ?", id, now).length > 0;
  }

  /** Remembers when a link was used, every ten minutes at most. */
  noteUse({ id, usedAt }: DisplayLink, now: number): void {
    if (usedAt !== null && now - usedAt < NOTE_USE_EVERY_MS) return;
    this.#sql.write("UPDATE displays SET used_at = ? WHERE id = ?", now, id);
  }

  deleteExpired(now: number): void {
    if ((this.nextExpiry() ?? now + 1) <= now) this.#sql.write("DELETE FROM displays WHERE expires_at <= ?", now);
  }

  /** When the next link expires, epoch ms; null = there is none. */
  nextExpiry(): number | null {
    return this.#sql.read<{ at: number | null }>("SELECT min(expires_at) AS at FROM displays")[0]?.at ?? null;
  }
}

function linkOf(row: Row): DisplayLink {
  return {
    name: row.name,
    id: row.id,
    groupFilter: v.parse(filterSchema, parseJson(row.filter)),
    madeAt: row.made_at,
    madeBy: row.made_by,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
