import { type ContactNote, parseContactNote } from "../core/history/contact-note.ts";
import { HOUR_MS } from "../core/history/history-hour.ts";
import type { HistoryStore, StoredHour } from "../core/history/ports.ts";
import { log } from "./log.ts";
import type { MetaTable } from "./meta-table.ts";
import { parseJson, type Sql } from "./sql.ts";

/** The hour comes first, so that a whole day is deleted without a look at the rest. */
export const HISTORY_TABLES = `
  CREATE TABLE agent_hours (hour INTEGER, agent_id TEXT, seen TEXT NOT NULL, PRIMARY KEY (hour, agent_id)) WITHOUT ROWID;
  CREATE TABLE contact_notes (contact_id TEXT PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX contact_notes_by_time ON contact_notes (at);`;

const BOARD_DAY = "board_day";
/** SQLite of a Durable Object takes 100 bindings (Cloudflare documentation, limits of Durable Objects, read 2026-11). */
const IDS_PER_QUERY = 90;

/** The days of agents in the SQLite of their hub's object. An unreadable row is left where it is and logged. */
export class HistoryTables implements HistoryStore {
  readonly #sql: Sql;
  readonly #meta: MetaTable;

  constructor(sql: Sql, meta: MetaTable) {
    this.#sql = sql;
    this.#meta = meta;
  }

  agentHours(agentId: string, hours: readonly number[]): StoredHour[] {
    const query = `SELECT hour, seen FROM agent_hours WHERE hour IN (${marks(hours)}) AND agent_id = ? ORDER BY hour`;
    return this.#sql.read<{ hour: number; seen: string }>(query, ...hours, agentId).flatMap(({ hour, seen }) => {
      const content = parseJson(seen);
      return content === undefined ? unreadable("agent_hours") : [{ agentId, hour, content }];
    });
  }

  saveAgentHour({ agentId, hour, content }: StoredHour): void {
    this.#sql.write("INSERT OR REPLACE INTO agent_hours VALUES (?, ?, ?)", hour, agentId, JSON.stringify(content));
  }

  contactNotes(contactIds: readonly string[]): ContactNote[] {
    const notes: ContactNote[] = [];
    for (let from = 0; from < contactIds.length; from += IDS_PER_QUERY) {
      const ids = contactIds.slice(from, from + IDS_PER_QUERY);
      const query = `SELECT note FROM contact_notes WHERE contact_id IN (${marks(ids)})`;
      for (const { note } of this.#sql.read<{ note: string }>(query, ...ids)) notes.push(...readNote(note));
    }
    return notes;
  }

  saveContactNote(note: ContactNote, at: number): void {
    this.#sql.write("INSERT OR REPLACE INTO contact_notes VALUES (?, ?, ?)", note.contactId, at, JSON.stringify(note));
  }

  boardDay(): number | null {
    const from = this.#meta.value(BOARD_DAY);
    return from === null ? null : Number(from);
  }

  saveBoardDay(from: number): void {
    this.#meta.setValue(BOARD_DAY, String(from));
  }

  /**
   * When the oldest row ends, epoch ms; null = there is none. A row has a whole hour, in which a day may begin: in India days begin
   * at half past an hour of UTC. So a row is as old as its last moment.
   */
  oldestAt(): number | null {
    const hour = this.#sql.read<{ hour: number }>("SELECT hour FROM agent_hours ORDER BY hour LIMIT 1")[0]?.hour;
    const at = this.#sql.read<{ at: number }>("SELECT at FROM contact_notes ORDER BY at LIMIT 1")[0]?.at;
    const hourEnd = hour === undefined ? Number.POSITIVE_INFINITY : hour + HOUR_MS - 1;
    const oldest = Math.min(hourEnd, at ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(oldest) ? oldest : null;
  }

  /** Deletes rows that end before `time`, at most so many of each table. Returns whether none is left. */
  deleteBefore(time: number, atMost: number): boolean {
    const hours =
      "DELETE FROM agent_hours WHERE (hour, agent_id) IN (SELECT hour, agent_id FROM agent_hours WHERE hour <= ? ORDER BY hour LIMIT ?)";
    const notes =
      "DELETE FROM contact_notes WHERE contact_id IN (SELECT contact_id FROM contact_notes WHERE at < ? ORDER BY at LIMIT ?)";
    this.#sql.write(hours, time - HOUR_MS, atMost);
    this.#sql.write(notes, time, atMost);
    return (this.oldestAt() ?? time) >= time;
  }

  /** The ids of the contacts that any day of the agent names. Reads all of its rows, so it is for an erasure alone. */
  contactIdsOf(agentId: string): Set<string> {
    const query = "SELECT seen FROM agent_hours WHERE agent_id = ?";
    const ids = new Set<string>();
    for (const { seen } of this.#sql.read<{ seen: string }>(query, agentId))
      for (const [, contactId] of seen.matchAll(/"contactId":("(?:[^"\\]|\\.)*")/g)) ids.add(String(parseJson(contactId ?? "")));
    return ids;
  }
}

function readNote(text: string): ContactNote[] {
  const note = parseContactNote(parseJson(text));
  return note === null ? unreadable("contact_notes") : [note];
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

function unreadable(table: string): [] {
  log("unreadable_row", { table });
  return [];
}
