import { log } from "./log.ts";

/** The name of SQLite for what went wrong, such as `SQLITE_FULL`. The text of an error is not logged: it may quote a row. */
export function storageCause(error: unknown): string {
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  return /SQLITE_[A-Z_]+/.exec(message)?.[0] ?? name;
}

/** Leaves an unreadable row where it is and says so: one bad row must not stop the hub. */
export function readable<Row>(table: string, row: Row | null): Row | null {
  if (row === null) log("unreadable_row", { table });
  return row;
}
