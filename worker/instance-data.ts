import * as v from "valibot";
import { contactsOfAgent } from "../core/state/contacts-of-agent.ts";
import { eraseListener } from "../core/state/forgotten-listeners.ts";
import { DATA_REQUEST } from "./alert-tables.ts";
import { EPOCH, OLD_EPOCH, type SqliteStore } from "./sqlite-store.ts";
import type { StorageGuard } from "./storage-guard.ts";
import { cursorSchema, rowsSchema, StoredTables, type TableCursor, type TableRows } from "./stored-tables.ts";

/** A page of a backup stays well below the 1 MiB that a post may have, so that it can be posted back as it is. */
const MAX_PAGE_BYTES = 512 * 1024;
/** A restore may have so many parts: 10 GB is the most that an object stores. */
const MAX_PARTS = 25_000;

const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
export const backupSchema = v.strictObject({ after: v.nullable(cursorSchema) });
export const erasureSchema = v.union([v.strictObject({ agentId: id }), v.strictObject({ everything: v.literal(true) })]);
export const restoreSchema = v.strictObject({
  restoreId: id,
  /** Counts from 0. */
  part: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PARTS)),
  /** The last part replaces everything that is stored. */
  last: v.boolean(),
  ...rowsSchema.entries,
});
const requestSchema = v.variant("what", [
  v.object({ what: v.literal("backup"), ...backupSchema.entries }),
  v.object({ what: v.literal("restore"), ...restoreSchema.entries }),
  v.object({ what: v.literal("erase-agent"), agentId: id }),
  v.object({ what: v.literal("erase-everything") }),
]);
export type DataRequest = v.InferOutput<typeof requestSchema>;
export type DataAnswer =
  | { ok: true; body: { page: TableRows | null; next: TableCursor | null } | { rows: number } | { part: number } }
  | { ok: false; status: 400 | 409; error: string; message: string };

/**
 * Answers a request about all that is stored of an instance or a person. A change gives the board a new epoch, so every viewer gets
 * the whole list. The same `webhookId` again is refused and does nothing.
 */
export function answerDataRequest(
  sql: SqlStorage,
  store: SqliteStore,
  guard: StorageGuard,
  webhookId: string,
  asked: unknown,
): DataAnswer {
  const now = Date.now();
  const request = v.parse(requestSchema, asked);
  if (!store.rememberPost(`${DATA_REQUEST}${webhookId}`, now))
    return refusal(409, "duplicate", "This webhook-id was used before. Send a new one.");
  const tables = new StoredTables(sql);
  switch (request.what) {
    case "backup": {
      const page = tables.page(request.after, MAX_PAGE_BYTES);
      if (page === null) return { ok: true, body: { page: null, next: null } };
      const { next, ...rows } = page;
      return { ok: true, body: { page: rows, next } };
    }
    case "restore":
      return restorePart(sql, tables, request, (change) => guard.replaceStored(now, change));
    case "erase-agent":
      return { ok: true, body: { rows: guard.replaceStored(now, () => eraseAgent(store, tables, request.agentId)) } };
    case "erase-everything":
      guard.replaceStored(now, () => tables.deleteAll({ keepAccess: false }));
      return { ok: true, body: { rows: 0 } };
  }
}

/** Deletes an agent with its contacts and their turns, and its id from the lists. Returns how many rows went. */
function eraseAgent(store: SqliteStore, tables: StoredTables, agentId: string): number {
  let rows = 0;
  // A contact of somebody else may carry the agent's row, and a contact that goes may carry somebody else's.
  store.landRows();
  const stored = store.load("");
  eraseListener(stored, agentId, store);
  const contactIds = new Set([...contactsOfAgent(stored, agentId), ...store.history.contactIdsOf(agentId)]);
  for (const contactId of contactIds) rows += tables.deleteWhere("contact_id", contactId);
  rows += tables.deleteWhere("agent_id", agentId);
  store.deleteFromLists(agentId);
  // Every keyframe names everybody, so nothing of the log can stay.
  store.replay.deleteAll();
  store.deleteEpoch();
  return rows;
}

type RestorePart = Extract<DataRequest, { what: "restore" }>;

/** Keeps a part until the last has come, then replaces everything at once. A new restore forgets an unfinished one. */
function restorePart(
  sql: SqlStorage,
  tables: StoredTables,
  request: RestorePart,
  replace: (change: () => number) => number,
): DataAnswer {
  const { restoreId, part, last, table, columns, rows } = request;
  const known = tables.columnsOf(table);
  if (
    !tables.names().includes(table) ||
    columns.some((name) => !known.includes(name)) ||
    rows.some((row) => row.length !== columns.length)
  ) {
    const message =
      "The backup has a table or column that this hub does not know. Deploy the release that made it, or a newer one.";
    return refusal(400, "unknown_table", message);
  }
  sql.exec(
    "CREATE TABLE IF NOT EXISTS restore_parts (part INTEGER PRIMARY KEY, id TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID",
  );
  sql.exec("DELETE FROM restore_parts WHERE id <> ?", restoreId);
  sql.exec("INSERT OR REPLACE INTO restore_parts VALUES (?, ?, ?)", part, restoreId, JSON.stringify({ table, columns, rows }));
  if (!last) return { ok: true, body: { part } };
  const parts = sql.exec<{ count: number }>("SELECT count(*) AS count FROM restore_parts WHERE part <= ?", part).one().count;
  if (parts !== part + 1)
    return refusal(409, "parts_missing", `Only ${parts} of ${part + 1} parts are here. Restore from the beginning.`);
  return { ok: true, body: { rows: replace(() => applyParts(sql, tables)) } };
}

function applyParts(sql: SqlStorage, tables: StoredTables): number {
  const restored = [...sql.exec<{ content: string }>("SELECT content FROM restore_parts ORDER BY part")];
  tables.deleteAll({ keepAccess: true });
  let count = 0;
  for (const { content } of restored) {
    const { table, columns, rows } = v.parse(rowsSchema, JSON.parse(content));
    // The schema is that of this release, and a new epoch tells viewers apart from those of the backup's time.
    const isKept = (row: readonly unknown[]) =>
      table !== "meta" || !["schema", EPOCH, OLD_EPOCH].includes(String(row[columns.indexOf("key")]));
    const kept = rows.filter(isKept);
    tables.insertRows({ table, columns, rows: kept });
    count += kept.length;
  }
  return count;
}

function refusal(status: 400 | 409, error: string, message: string): DataAnswer {
  return { ok: false, status, error, message };
}
