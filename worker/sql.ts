/** The SQLite of one Durable Object. It counts the rows that it writes, because rows cost money. */
export class Sql {
  readonly #storage: SqlStorage;
  rowsWritten = 0;

  constructor(storage: SqlStorage) {
    this.#storage = storage;
  }

  read<Row extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#storage.exec<Row>(query, ...bindings).toArray();
  }

  /** Returns how many rows were written. */
  write(query: string, ...bindings: SqlStorageValue[]): number {
    const { rowsWritten } = this.#storage.exec(query, ...bindings);
    this.rowsWritten += rowsWritten;
    return rowsWritten;
  }
}

/** Parses the JSON of a row. undefined = it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
