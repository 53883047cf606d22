import type { Sql } from "./sql.ts";

/** Single values of the storage by name. */
export class MetaTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** null = the value was never set. */
  value(key: string): string | null {
    return this.#sql.read<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)[0]?.value ?? null;
  }

  setValue(key: string, value: string): void {
    this.#sql.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value);
  }
}
