import type { BoardAgent, BoardRow } from "../core/board/board.ts";
import type { AgentRecord, Listing } from "../core/state/agent-record.ts";
import { NO_LISTING } from "../core/state/agent-record.ts";
import type { ContactRecord } from "../core/state/contact-record.ts";
import type { StateStore, StoredState } from "../core/state/ports.ts";
import type { ContactTurn } from "../protocol/updates.ts";

/** Append only: what has run on somebody's storage never changes. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE agents (agent_id TEXT PRIMARY KEY, seq INTEGER, record TEXT NOT NULL, agent TEXT, gone TEXT) WITHOUT ROWID;
   CREATE TABLE contacts (contact_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE turns (contact_id TEXT, turn_id TEXT, turn TEXT NOT NULL, PRIMARY KEY (contact_id, turn_id)) WITHOUT ROWID;
   CREATE TABLE posts (webhook_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE tickets (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE revocations (subject TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE relays (name TEXT PRIMARY KEY, watching TEXT NOT NULL) WITHOUT ROWID;`,
];

/** A post's id is remembered this long: twice the signature's tolerance and a margin, so no accepted post can come again unknown. */
const REMEMBER_POSTS_MS = 15 * 60_000;

/** The hub's state in the SQLite of its Durable Object. Rows cost money, so every method writes what it must and no more. */
export class SqliteStore implements StateStore {
  readonly #sql: SqlStorage;
  /** Subject -> until when; a replica of its few rows, for every viewer at the door is looked up. */
  readonly #revocations: Map<string, number>;
  rowsWritten = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    const version = Number(this.#meta("schema") ?? 0);
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < version) continue;
      sql.exec(migration);
      this.#setMeta("schema", String(index + 1));
    }
    const revoked = this.#read<{ subject: string; until: number }>("SELECT subject, until FROM revocations");
    this.#revocations = new Map(revoked.map(({ subject, until }) => [subject, until]));
  }

  /** Everything there is. `newEpoch` becomes the epoch when the storage has none yet: what was known before is lost. */
  load(newEpoch: string): StoredState {
    let epoch = this.#meta("epoch");
    if (epoch === null) {
      epoch = newEpoch;
      this.#setMeta("epoch", epoch);
    }
    const listing = this.#meta("listing");
    return {
      epoch,
      floor: Number(this.#meta("floor") ?? 0),
      listing: listing === null ? NO_LISTING : readListing(listing),
      agents: this.#agents(),
      contacts: this.#read<{ record: string }>("SELECT record FROM contacts").map((row) => json<ContactRecord>(row.record)),
    };
  }

  saveAgent(record: AgentRecord, row: BoardRow | undefined): void {
    const agent = row?.agent == null ? null : JSON.stringify(row.agent);
    const left = row === undefined ? null : JSON.stringify(row.left);
    this.#write(
      "INSERT OR REPLACE INTO agents VALUES (?, ?, ?, ?, ?)",
      record.agentId,
      row?.seq ?? null,
      JSON.stringify(record),
      agent,
      left,
    );
  }

  forgetAgent(agentId: string, floor: number): void {
    this.#write("DELETE FROM agents WHERE agent_id = ?", agentId);
    this.#setMeta("floor", String(floor));
  }

  saveContact(record: ContactRecord): void {
    this.#write("INSERT OR REPLACE INTO contacts VALUES (?, ?)", record.contactId, JSON.stringify(record));
  }

  forgetContact(contactId: string): void {
    this.#write("DELETE FROM contacts WHERE contact_id = ?", contactId);
    this.#write("DELETE FROM turns WHERE contact_id = ?", contactId);
  }

  saveListing(listing: Listing): void {
    this.#setMeta("listing", JSON.stringify({ takenAt: listing.takenAt, agentIds: [...listing.agentIds] }));
  }

  turn(contactId: string, turnId: string): ContactTurn | null {
    const [row] = this.#read<{ turn: string }>("SELECT turn FROM turns WHERE contact_id = ? AND turn_id = ?", contactId, turnId);
    return row === undefined ? null : json<ContactTurn>(row.turn);
  }

  saveTurn(turn: ContactTurn): void {
    this.#write("INSERT OR REPLACE INTO turns VALUES (?, ?, ?)", turn.contactId, turn.turnId, JSON.stringify(turn));
  }

  turns(contactId: string): ContactTurn[] {
    return this.#read<{ turn: string }>("SELECT turn FROM turns WHERE contact_id = ?", contactId).map((row) =>
      json<ContactTurn>(row.turn),
    );
  }

  /** Remembers a post; false when it was here before. */
  rememberPost(webhookId: string, now: number): boolean {
    return this.#write("INSERT OR IGNORE INTO posts VALUES (?, ?)", webhookId, now) > 0;
  }

  /** Uses a ticket up; false when it was used before. */
  spendTicket(id: string, expiresAt: number): boolean {
    return this.#write("INSERT OR IGNORE INTO tickets VALUES (?, ?)", id, expiresAt) > 0;
  }

  revoke(subject: string, until: number): void {
    this.#write("INSERT OR REPLACE INTO revocations VALUES (?, ?)", subject, until);
    this.#revocations.set(subject, until);
  }

  isRevoked(subject: string, now: number): boolean {
    return (this.#revocations.get(subject) ?? 0) > now;
  }

  saveRelay(name: string, watching: Iterable<string>): void {
    this.#write("INSERT OR REPLACE INTO relays VALUES (?, ?)", name, JSON.stringify([...watching]));
  }

  forgetRelay(name: string): void {
    this.#write("DELETE FROM relays WHERE name = ?", name);
  }

  relays(): { name: string; watching: string[] }[] {
    return this.#read<{ name: string; watching: string }>("SELECT name, watching FROM relays").map((row) => ({
      name: row.name,
      watching: json<string[]>(row.watching),
    }));
  }

  /** Drops what only had to be remembered for a while. */
  tidy(now: number): void {
    this.#write("DELETE FROM posts WHERE at < ?", now - REMEMBER_POSTS_MS);
    this.#write("DELETE FROM tickets WHERE expires_at < ?", now);
    this.#write("DELETE FROM revocations WHERE until < ?", now);
    for (const [subject, until] of this.#revocations) if (until < now) this.#revocations.delete(subject);
  }

  #agents(): { record: AgentRecord; row: BoardRow | null }[] {
    const rows = this.#read<{ agent_id: string; seq: number | null; record: string; agent: string | null; gone: string | null }>(
      "SELECT agent_id, seq, record, agent, gone FROM agents",
    );
    return rows.map(({ agent_id, seq, record, agent, gone }) => ({
      record: json<AgentRecord>(record),
      row:
        seq === null
          ? null
          : {
              agentId: agent_id,
              seq,
              agent: agent === null ? null : json<BoardAgent>(agent),
              left: gone === null ? {} : json<Record<string, number>>(gone),
            },
    }));
  }

  #meta(key: string): string | null {
    return this.#read<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)[0]?.value ?? null;
  }

  #setMeta(key: string, value: string): void {
    this.#write("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value);
  }

  #read<Row extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(query, ...bindings).toArray();
  }

  /** Returns how many rows were written. */
  #write(query: string, ...bindings: SqlStorageValue[]): number {
    const { rowsWritten } = this.#sql.exec(query, ...bindings);
    this.rowsWritten += rowsWritten;
    return rowsWritten;
  }
}

/** Our own rows, written by this class alone, come back as they went in. */
function json<T>(text: string): T {
  return JSON.parse(text);
}

function readListing(text: string): Listing {
  const { takenAt, agentIds } = json<{ takenAt: number; agentIds: string[] }>(text);
  return { takenAt, agentIds: new Set(agentIds) };
}
