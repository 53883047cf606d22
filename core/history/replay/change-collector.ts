import type { RowChange, RowFields } from "../../board/collection.ts";
import type { LoggedRow } from "./log-line.ts";

interface CollectedRow {
  collection: string;
  key: string;
  /** Whether the row existed before the transaction. */
  existed: boolean;
  /** The fields that changed; null = the row came or went meanwhile, and is written whole. */
  fields: Set<string> | null;
  value: RowFields | null;
}

/** Collects what one transaction does to rows. Several changes of one row become one. */
export class ChangeCollector {
  readonly #rows = new Map<string, CollectedRow>();

  noteChange({ collection, before, row, fields }: RowChange): void {
    const { name } = collection.definition;
    const id = `${name}\n${row.key}`;
    const known = this.#rows.get(id);
    const isPatch = before !== null && row.value !== null && known?.fields !== null;
    this.#rows.set(id, {
      collection: name,
      key: row.key,
      existed: known?.existed ?? before !== null,
      fields: isPatch ? new Set([...(known?.fields ?? []), ...fields]) : null,
      value: row.value,
    });
  }

  /** Returns the rows that changed since the last call. */
  drain(): LoggedRow[] {
    const rows = [...this.#rows.values()].filter(({ existed, value }) => existed || value !== null);
    this.#rows.clear();
    return rows.map(({ collection, key, fields, value }) => ({ collection, key, fields: loggedFields(value, fields) }));
  }
}

function loggedFields(value: RowFields | null, fields: ReadonlySet<string> | null): RowFields | null {
  if (value === null || fields === null) return value;
  // JSON has no undefined. The reader must learn that the field has no value any more.
  return Object.fromEntries([...fields].map((field) => [field, value[field] ?? null]));
}
