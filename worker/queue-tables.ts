import * as v from "valibot";
import type { BoardRow } from "../core/board/collection.ts";
import { numberRecordSchema } from "../core/board/number-record.ts";
import { isOver } from "../core/queues/leg-state.ts";
import type { QueueStore, StoredQueue, StoredQueueChunk, StoredQueues } from "../core/queues/ports.ts";
import { parseQuarter } from "../core/queues/quarter.ts";
import { parseLeg, type QueueLeg } from "../core/queues/queue-leg.ts";
import type { StoredQuarter } from "../core/queues/queue-quarters.ts";
import { type ListedProfiles, parseQueueRecord } from "../core/queues/queue-record.ts";
import { QUEUES, type QueueRow } from "../core/queues/queue-row.ts";
import { queueSnapshotSchema } from "../protocol/queue-updates.ts";
import { log } from "./log.ts";
import { parseJson, type Sql } from "./sql.ts";

/** The tables of the queues. `over_at` is when a leg was found to be over, null while it is not. */
export const QUEUE_TABLES = `CREATE TABLE queue_legs (contact_id TEXT PRIMARY KEY, agent_id TEXT, over_at INTEGER, leg TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE queue_buckets (queue_id TEXT, start INTEGER, bucket TEXT NOT NULL, PRIMARY KEY (queue_id, start)) WITHOUT ROWID;
   CREATE TABLE queues (chunk INTEGER PRIMARY KEY, queues TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE profiles (part INTEGER PRIMARY KEY, profiles TEXT NOT NULL) WITHOUT ROWID;`;

/** A row stays far below the 512 KiB of a backup's page: 200 profiles with 50 queues each take some 400 KB. */
const PROFILES_PER_ROW = 100;

const chunkSchema = v.array(v.unknown());
const rowSchema = v.object({ key: v.string(), seq: v.number(), value: v.unknown(), left: v.fallback(numberRecordSchema, {}) });
const storedQueueSchema = v.object({ record: v.unknown(), row: v.fallback(v.nullable(rowSchema), null) });
const profilesSchema = v.object({
  takenAt: v.number(),
  profiles: v.unwrap(queueSnapshotSchema.entries.profiles),
});

/** The queues in the SQLite of their hub's object. An unreadable row is left where it is and logged. */
export class QueueTables implements QueueStore {
  readonly #sql: Sql;
  readonly #saveOldestResumableSeq: (seq: number) => void;
  /** Chunk -> what could not be read of it. It is written back as it was. */
  readonly #unreadable = new Map<number, unknown[]>();
  /** Queue -> its JSON as it was written last: most queues of a chunk have not changed. */
  readonly #texts = new Map<string, { queue: StoredQueue; text: string }>();

  constructor(sql: Sql, saveOldestResumableSeq: (seq: number) => void) {
    this.#sql = sql;
    this.#saveOldestResumableSeq = saveOldestResumableSeq;
  }

  load(): StoredQueues {
    this.#unreadable.clear();
    const [over] = this.#sql.read<{ at: number | null }>("SELECT max(over_at) AS at FROM queue_legs");
    return {
      legs: this.#legs("SELECT leg FROM queue_legs WHERE over_at IS NULL").filter((leg) => !isOver(leg)),
      lastOverAt: over?.at ?? 0,
      quarters: this.#quarters(),
      chunks: this.#chunks(),
      profiles: this.#profiles(),
    };
  }

  queueLeg(contactId: string): QueueLeg | null {
    return this.#legs("SELECT leg FROM queue_legs WHERE contact_id = ?", contactId)[0] ?? null;
  }

  saveQueueLeg(leg: QueueLeg): void {
    const agentId = leg.agent?.agentId ?? null;
    this.#sql.write(
      "INSERT OR REPLACE INTO queue_legs VALUES (?, ?, ?, ?)",
      leg.contactId,
      agentId,
      leg.overAt,
      JSON.stringify(leg),
    );
  }

  deleteQueueLegs(before: number): void {
    this.#sql.write("DELETE FROM queue_legs WHERE over_at < ?", before);
  }

  saveQuarter({ queueId, from, record }: StoredQuarter): void {
    this.#sql.write("INSERT OR REPLACE INTO queue_buckets VALUES (?, ?, ?)", queueId, from, JSON.stringify(record));
  }

  deleteQuarters(before: number): void {
    this.#sql.write("DELETE FROM queue_buckets WHERE start < ?", before);
  }

  saveQueueChunk({ chunk, queues }: StoredQueueChunk): void {
    const kept = (this.#unreadable.get(chunk) ?? []).map((each) => JSON.stringify(each));
    const all = [...queues.map((queue) => this.#textOf(queue)), ...kept];
    if (all.length === 0) this.#sql.write("DELETE FROM queues WHERE chunk = ?", chunk);
    else this.#sql.write("INSERT OR REPLACE INTO queues VALUES (?, ?)", chunk, `[${all.join(",")}]`);
  }

  saveProfiles({ takenAt, profiles }: ListedProfiles): void {
    this.deleteProfiles();
    for (let start = 0; start === 0 || start < profiles.length; start += PROFILES_PER_ROW) {
      const part = { takenAt, profiles: profiles.slice(start, start + PROFILES_PER_ROW) };
      this.#sql.write("INSERT INTO profiles VALUES (?, ?)", start / PROFILES_PER_ROW, JSON.stringify(part));
    }
  }

  deleteProfiles(): void {
    this.#sql.write("DELETE FROM profiles");
  }

  saveOldestResumableSeq(seq: number): void {
    this.#saveOldestResumableSeq(seq);
  }

  #textOf(queue: StoredQueue): string {
    const { queueId } = queue.record;
    const known = this.#texts.get(queueId);
    if (known?.queue.record === queue.record && known.queue.row === queue.row) return known.text;
    const text = JSON.stringify(queue);
    this.#texts.set(queueId, { queue, text });
    return text;
  }

  #legs(query: string, ...bindings: string[]): QueueLeg[] {
    const rows = this.#sql.read<{ leg: string }>(query, ...bindings);
    return rows.flatMap(({ leg }) => parseLeg(parseJson(leg)) ?? unreadable("queue_legs"));
  }

  #quarters(): StoredQuarter[] {
    const rows = this.#sql.read<{ queueId: string; start: number; bucket: string }>(
      "SELECT queue_id AS queueId, start, bucket FROM queue_buckets",
    );
    return rows.flatMap(({ queueId, start: from, bucket }) => {
      const record = parseQuarter(parseJson(bucket));
      return record === null ? unreadable("queue_buckets") : [{ queueId, from, record }];
    });
  }

  #chunks(): StoredQueueChunk[] {
    return this.#sql.read<{ chunk: number; queues: string }>("SELECT chunk, queues FROM queues").map(({ chunk, queues }) => {
      const stored = v.safeParse(chunkSchema, parseJson(queues));
      if (!stored.success) this.#keepUnreadable(chunk, queues);
      const all = stored.success ? stored.output : [];
      const known = all.flatMap((each) => {
        const queue = parseStoredQueue(each);
        if (queue === null) this.#keepUnreadable(chunk, each);
        return queue ?? [];
      });
      return { chunk, queues: known };
    });
  }

  #keepUnreadable(chunk: number, stored: unknown): void {
    unreadable("queues");
    this.#unreadable.set(chunk, [...(this.#unreadable.get(chunk) ?? []), stored]);
  }

  /** All parts come from one snapshot. An unreadable part leaves its profiles out until the next one. */
  #profiles(): ListedProfiles | null {
    const rows = this.#sql.read<{ profiles: string }>("SELECT profiles FROM profiles ORDER BY part");
    const parts = rows.flatMap(({ profiles }) => {
      const parsed = v.safeParse(profilesSchema, parseJson(profiles));
      return parsed.success ? [parsed.output] : unreadable("profiles");
    });
    const [first] = parts;
    return first === undefined ? null : { takenAt: first.takenAt, profiles: parts.flatMap(({ profiles }) => profiles) };
  }
}

/** null = it is unreadable. A queue whose row alone is unreadable gets a new one. */
function parseStoredQueue(stored: unknown): StoredQueue | null {
  const parsed = v.safeParse(storedQueueSchema, stored);
  const record = parsed.success ? parseQueueRecord(parsed.output.record) : null;
  if (!parsed.success || record === null) return null;
  return { record, row: parsed.output.row === null ? null : parseRow(parsed.output.row) };
}

function parseRow({ value, ...row }: v.InferOutput<typeof rowSchema>): BoardRow<QueueRow> | null {
  const parsed = value === null ? null : QUEUES.parse(value);
  return parsed === null && value !== null ? null : { ...row, value: parsed };
}

function unreadable(table: string): [] {
  log("unreadable_row", { table });
  return [];
}
