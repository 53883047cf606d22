import * as v from "valibot";
import type { BoardRow, CollectionDefinition, RowFields } from "../core/board/collection.ts";
import { numberRecordSchema } from "../core/board/number-record.ts";
import { parseJson, type Sql } from "./sql.ts";

/** Where a collection is kept. Columns have names of their own, because a table that has run on somebody's storage never changes. */
export interface RowTableNames {
  table: string;
  keyColumn: string;
  valueColumn: string;
  leftColumn: string;
}

/** A row as it is kept: the public row, and beside it the private record that it is derived from, both in one write. */
export interface StoredRow<Value extends RowFields> {
  key: string;
  record: unknown;
  row: BoardRow<Value> | null;
}

const leftSchema = v.fallback(numberRecordSchema, {});

/** The table of one collection. Rows from another version of the code are parsed with defaults. */
export class RowTable<Value extends RowFields> {
  readonly #sql: Sql;
  readonly #names: RowTableNames;
  readonly #definition: CollectionDefinition<Value>;

  constructor(sql: Sql, names: RowTableNames, definition: CollectionDefinition<Value>) {
    this.#sql = sql;
    this.#names = names;
    this.#definition = definition;
  }

  load(): StoredRow<Value>[] {
    const { table, keyColumn, valueColumn, leftColumn } = this.#names;
    const rows = this.#sql.read<{ k: string; seq: number | null; record: string; v: string | null; l: string | null }>(
      `SELECT ${keyColumn} AS k, seq, record, ${valueColumn} AS v, ${leftColumn} AS l FROM ${table}`,
    );
    return rows.map(({ k: key, seq, record, v: value, l: left }) => ({
      key,
      record: parseJson(record),
      row: seq === null ? null : this.#parseRow(key, seq, value, left),
    }));
  }

  saveRow(key: string, record: object, row: BoardRow<Value> | undefined): void {
    const value = row?.value == null ? null : JSON.stringify(row.value);
    const left = row === undefined ? null : JSON.stringify(row.left);
    const bindings = [key, row?.seq ?? null, JSON.stringify(record), value, left];
    this.#sql.write(`INSERT OR REPLACE INTO ${this.#names.table} VALUES (?, ?, ?, ?, ?)`, ...bindings);
  }

  /** Writes the public row alone, beside the record that is stored. */
  saveValue({ key, seq, value, left }: BoardRow<Value>): void {
    const { table, keyColumn, valueColumn, leftColumn } = this.#names;
    const bindings = [seq, value === null ? null : JSON.stringify(value), JSON.stringify(left), key];
    this.#sql.write(`UPDATE ${table} SET seq = ?, ${valueColumn} = ?, ${leftColumn} = ? WHERE ${keyColumn} = ?`, ...bindings);
  }

  deleteRow(key: string): void {
    this.#sql.write(`DELETE FROM ${this.#names.table} WHERE ${this.#names.keyColumn} = ?`, key);
  }

  /** null = the value is unreadable. The row is derived anew with the next change. */
  #parseRow(key: string, seq: number, value: string | null, left: string | null): BoardRow<Value> | null {
    const parsed = value === null ? null : this.#definition.parse(parseJson(value));
    if (parsed === null && value !== null) return null;
    return { key, seq, value: parsed, left: v.parse(leftSchema, left === null ? {} : parseJson(left)) };
  }
}
