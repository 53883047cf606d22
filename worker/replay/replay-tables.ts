import type { KeyframePlace } from "../../core/history/replay/keyframe.ts";
import type { NewestLogRow, ReplayStore } from "../../core/history/replay/ports.ts";
import type { Sql } from "../sql.ts";
import { gzipText } from "./gzip.ts";

/** The tables behind replay. `lines` is a text, or compressed. A keyframe is there when its part 0 is: that part is written last. */
export const REPLAY_TABLES = `CREATE TABLE replay_log (id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, epoch TEXT NOT NULL,
     first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, seq INTEGER NOT NULL, lines TEXT NOT NULL);
   CREATE TABLE replay_keyframes (at INTEGER, first_log_row INTEGER, part INTEGER, chain INTEGER NOT NULL, seq INTEGER NOT NULL,
     rows BLOB NOT NULL, PRIMARY KEY (at, first_log_row, part)) WITHOUT ROWID;`;

/** A row of the log as it is stored. */
export interface StoredLogRow {
  id: number;
  chain: number;
  /** Epoch ms. */
  firstAt: number;
  /** A text, or the same compressed with gzip. */
  lines: string | ArrayBuffer;
}

const PLACE = "chain, first_log_row AS firstLogRow, at, seq";

/** The log and the keyframes in the SQLite of their hub's object. */
export class ReplayTables implements ReplayStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  newestLogRow(): NewestLogRow | null {
    const query = "SELECT id, chain, epoch, first_at AS firstAt, last_at AS lastAt, seq FROM replay_log ORDER BY id DESC LIMIT 1";
    const [row] = this.#sql.read<{ id: number; chain: number; epoch: string; firstAt: number; lastAt: number; seq: number }>(
      query,
    );
    return row ?? null;
  }

  addLogRow({ id, chain, epoch, firstAt, lastAt, seq }: NewestLogRow, lines: string, isFull: boolean): void {
    const stored = isFull ? gzipText(lines) : lines;
    this.#sql.write("INSERT INTO replay_log VALUES (?, ?, ?, ?, ?, ?, ?)", id, chain, epoch, firstAt, lastAt, seq, stored);
  }

  extendLogRow({ id, lastAt, seq }: NewestLogRow, lines: string): void {
    this.#sql.write("UPDATE replay_log SET last_at = ?, seq = ?, lines = lines || ? WHERE id = ?", lastAt, seq, lines, id);
  }

  packLogRow(id: number): void {
    const [row] = this.#sql.read<{ lines: string | ArrayBuffer }>("SELECT lines FROM replay_log WHERE id = ?", id);
    if (typeof row?.lines === "string") this.#sql.write("UPDATE replay_log SET lines = ? WHERE id = ?", gzipText(row.lines), id);
  }

  newestKeyframeAt(chain: number): number | null {
    const query = "SELECT at FROM replay_keyframes WHERE part = 0 AND chain = ? ORDER BY at DESC LIMIT 1";
    return this.#sql.read<{ at: number }>(query, chain)[0]?.at ?? null;
  }

  saveKeyframePart({ chain, firstLogRow, at, seq }: KeyframePlace, part: number, rows: ArrayBuffer): void {
    const query = "INSERT OR REPLACE INTO replay_keyframes VALUES (?, ?, ?, ?, ?, ?)";
    this.#sql.write(query, at, firstLogRow, part, chain, seq, rows);
  }

  /** The newest keyframe that was made at or before `at` (epoch ms); null = there is none. */
  keyframeBefore(at: number): KeyframePlace | null {
    const query = `SELECT ${PLACE} FROM replay_keyframes WHERE part = 0 AND at <= ? ORDER BY at DESC, first_log_row DESC LIMIT 1`;
    return this.#place(query, at);
  }

  /** The keyframe with which a chain begins; null = it was never finished. */
  firstKeyframe(chain: number): KeyframePlace | null {
    return this.#place(
      `SELECT ${PLACE} FROM replay_keyframes WHERE part = 0 AND chain = ? AND first_log_row = chain LIMIT 1`,
      chain,
    );
  }

  /** A part of a keyframe; null = it has no such part. */
  keyframePart({ at, firstLogRow }: KeyframePlace, part: number): ArrayBuffer | null {
    const query = "SELECT rows FROM replay_keyframes WHERE at = ? AND first_log_row = ? AND part = ?";
    return this.#sql.read<{ rows: ArrayBuffer }>(query, at, firstLogRow, part)[0]?.rows ?? null;
  }

  /** Returns a few rows of the log from an id on. */
  logRows(fromId: number, limit: number): StoredLogRow[] {
    const query = "SELECT id, chain, first_at AS firstAt, lines FROM replay_log WHERE id >= ? ORDER BY id LIMIT ?";
    return this.#sql.read<{ id: number; chain: number; firstAt: number; lines: string | ArrayBuffer }>(query, fromId, limit);
  }

  /** Since when moments can be replayed, epoch ms; null = none can. */
  oldestKeyframeAt(): number | null {
    return this.#sql.read<{ at: number }>("SELECT at FROM replay_keyframes WHERE part = 0 ORDER BY at LIMIT 1")[0]?.at ?? null;
  }

  /** When the oldest row of the log or keyframe was begun, epoch ms; null = there is nothing. */
  oldestAt(): number | null {
    const [log] = this.#sql.read<{ at: number }>("SELECT first_at AS at FROM replay_log ORDER BY id LIMIT 1");
    const [keyframe] = this.#sql.read<{ at: number }>("SELECT at FROM replay_keyframes ORDER BY at LIMIT 1");
    const times = [log, keyframe].flatMap((row) => (row === undefined ? [] : [row.at]));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Deletes at most `limit` rows of each table from before `before` (epoch ms; infinity = all). */
  deleteBefore(before: number, limit: number): void {
    const isOld = Number.isFinite(before) ? "last_at < ?" : "?1 IS NOT NULL";
    const bound = Number.isFinite(before) ? before : 0;
    const ids = `SELECT id FROM (SELECT id, last_at FROM replay_log ORDER BY id LIMIT ${limit}) WHERE ${isOld}`;
    this.#sql.write(`DELETE FROM replay_log WHERE id IN (${ids})`, bound);
    const isOldKeyframe = Number.isFinite(before) ? "at < ?" : "?1 IS NOT NULL";
    const keys = `SELECT at, first_log_row, part FROM (SELECT * FROM replay_keyframes ORDER BY at LIMIT ${limit}) WHERE ${isOldKeyframe}`;
    this.#sql.write(`DELETE FROM replay_keyframes WHERE (at, first_log_row, part) IN (${keys})`, bound);
  }

  deleteAll(): void {
    this.#sql.write("DELETE FROM replay_log");
    this.#sql.write("DELETE FROM replay_keyframes");
  }

  #place(query: string, binding: number): KeyframePlace | null {
    return this.#sql.read<{ chain: number; firstLogRow: number; at: number; seq: number }>(query, binding)[0] ?? null;
  }
}
