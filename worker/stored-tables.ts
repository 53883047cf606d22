import * as v from "valibot";

/** A value of SQLite as JSON has it. The hub stores no blobs. */
const cellSchema = v.union([v.string(), v.number(), v.null()]);
type Cell = v.InferOutput<typeof cellSchema>;
export const rowsSchema = v.object({
  table: v.pipe(v.string(), v.maxLength(64)),
  columns: v.pipe(v.array(v.string()), v.maxLength(100)),
  rows: v.array(v.array(cellSchema)),
});
/** Rows of one table. */
export type TableRows = v.InferOutput<typeof rowsSchema>;
export const cursorSchema = v.object({ table: v.string(), key: v.array(cellSchema) });
/** The last row of a page. */
export type TableCursor = v.InferOutput<typeof cursorSchema>;

/** Who may open the board. A backup could revive a link that was revoked since, so these neither leave nor come back. */
const ACCESS = ["displays", "revocations"];
/** The log behind replay: it has a hundred times as much as all the rest, and should be in no more places than it must. */
const REPLAY = ["replay_log", "replay_keyframes"];
/** Ids that expire in minutes, the relays of the moment, and an unfinished restore. They belong to no backup either. */
const TRANSIENT: ReadonlySet<string> = new Set([...ACCESS, ...REPLAY, "posts", "tickets", "relays", "restore_parts"]);
/** Rows are fetched a few at a time. Most have less than 2 KB. */
const ROWS_PER_QUERY = 100;

/** All tables of one object's storage by their names and columns, so that a table of a later release is not forgotten. */
export class StoredTables {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The tables with data that a person or an instance can be found in, in the order of their names. */
  names(): string[] {
    return this.#all().filter((name) => !TRANSIENT.has(name));
  }

  columnsOf(table: string): string[] {
    return this.#columns(table).map(({ name }) => name);
  }

  /** Returns the rows after a cursor, at most `maxBytes` of JSON and at least one row. null = there are none in any table. */
  page(after: TableCursor | null, maxBytes: number): (TableRows & { next: TableCursor }) | null {
    for (const table of this.names()) {
      if (after !== null && table < after.table) continue;
      const found = this.#rowsOf(table, after?.table === table ? after.key : null, maxBytes);
      if (found !== null) return found;
    }
    return null;
  }

  insertRows({ table, columns, rows }: TableRows): void {
    const marks = columns.map(() => "?").join(", ");
    const query = `INSERT OR REPLACE INTO ${quoted(table)} (${columns.map(quoted).join(", ")}) VALUES (${marks})`;
    for (const row of rows) this.#sql.exec(query, ...row);
  }

  /** Deletes all rows of all tables but `meta`, which says how the storage is built. Who has access stays if `keepAccess`. */
  deleteAll({ keepAccess }: { keepAccess: boolean }): void {
    const kept = keepAccess ? ["meta", ...ACCESS] : ["meta"];
    for (const table of this.#all()) if (!kept.includes(table)) this.#sql.exec(`DELETE FROM ${quoted(table)}`);
    this.#sql.exec("DELETE FROM meta WHERE key <> 'schema'");
  }

  /** Deletes the rows of every table that has the column, where it has the value. Returns how many. */
  deleteWhere(column: string, value: string): number {
    let deleted = 0;
    for (const table of this.names()) {
      if (!this.columnsOf(table).includes(column)) continue;
      const query = `DELETE FROM ${quoted(table)} WHERE ${quoted(column)} = ? RETURNING 1`;
      deleted += this.#sql.exec(query, value).toArray().length;
    }
    return deleted;
  }

  #rowsOf(table: string, after: readonly Cell[] | null, maxBytes: number): (TableRows & { next: TableCursor }) | null {
    const columns = this.columnsOf(table);
    const keys = this.#columns(table)
      .filter(({ pk }) => pk > 0)
      .toSorted((a, b) => a.pk - b.pk);
    const keyList = keys.map(({ name }) => quoted(name)).join(", ");
    const rows: Cell[][] = [];
    let bytes = 0;
    let last = after;
    for (;;) {
      const where = last === null ? "" : ` WHERE (${keyList}) > (${keys.map(() => "?").join(", ")})`;
      const query = `SELECT * FROM ${quoted(table)}${where} ORDER BY ${keyList} LIMIT ${ROWS_PER_QUERY}`;
      const found = [...this.#sql.exec(query, ...(last ?? [])).raw()].map((row) => v.parse(v.array(cellSchema), row));
      for (const row of found) {
        bytes += new TextEncoder().encode(JSON.stringify(row)).length;
        if (rows.length > 0 && (bytes > maxBytes || last === null))
          return { table, columns, rows, next: { table, key: [...(last ?? [])] } };
        rows.push(row);
        last = keys.map(({ name }) => row[columns.indexOf(name)] ?? null);
      }
      if (found.length < ROWS_PER_QUERY) break;
    }
    return rows.length === 0 || last === null ? null : { table, columns, rows, next: { table, key: [...last] } };
  }

  #all(): string[] {
    const query =
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name";
    return this.#sql
      .exec<{ name: string }>(query)
      .toArray()
      .map(({ name }) => name);
  }

  #columns(table: string): { name: string; pk: number }[] {
    return this.#sql.exec<{ name: string; pk: number }>("SELECT name, pk FROM pragma_table_info(?)", table).toArray();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
