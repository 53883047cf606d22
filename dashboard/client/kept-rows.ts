import { member, text } from "./guards.ts";
import type { ReadRow } from "./rows.ts";

/** How one collection is kept. */
export interface RowKind<Row, View extends Row> {
  keyField: string;
  read: ReadRow<Row>;
  /**
   * Returns what the page shows of a row, or `before` itself when nothing differs.
   * @param patch holds the fields that the frame carries, not yet validated: read their values from `row`.
   * @param at when the hub sent the frame (epoch ms).
   */
  view(before: View | undefined, row: Row, patch: object, at: number): View;
}

/** The news of one collection. */
export interface RowNews {
  data: readonly unknown[];
  /** null = `data` is the whole list, so the rows that are not in it are gone. */
  removed: readonly string[] | null;
}

/** Each changed row as it was before, undefined for a new one. */
export type ChangedRows<View> = ReadonlyMap<string, View | undefined>;

/** The rows of one collection as the hub last sent them. */
export class KeptRows<Row, View extends Row> {
  readonly #kind: RowKind<Row, View>;
  #rows = new Map<string, View>();
  /** Rows that the hub has and this client does not understand. News of them is no gap. */
  #unreadable = new Set<string>();

  constructor(kind: RowKind<Row, View>) {
    this.#kind = kind;
  }

  get rows(): ReadonlyMap<string, View> {
    return this.#rows;
  }

  clear(): void {
    this.#rows = new Map();
    this.#unreadable.clear();
  }

  /** Whether the news has a part of a row that this client never got whole: then it missed an earlier change. */
  misses({ data, removed }: RowNews): boolean {
    if (removed === null) return false;
    return data.some((patch) => {
      const key = this.#keyOf(patch);
      if (key === null || this.#rows.has(key) || this.#unreadable.has(key)) return false;
      return this.#kind.read(Object(patch)) === undefined;
    });
  }

  /** @param at when the hub sent the news (epoch ms). */
  apply({ data, removed }: RowNews, at: number): ChangedRows<View> {
    const changed = new Map<string, View | undefined>();
    const gone = new Set(removed ?? this.#rows.keys());
    if (removed === null) this.#unreadable.clear();
    for (const patch of data) {
      const key = this.#keyOf(patch);
      if (key === null) continue;
      const before = this.#rows.get(key);
      const row = this.#kind.read({ ...(removed === null ? null : before), ...Object(patch) });
      if (!row) {
        if (removed === null || before === undefined) this.#unreadable.add(key);
        continue;
      }
      if (removed === null) gone.delete(key);
      const view = this.#kind.view(before, row, Object(patch), at);
      if (view === before) continue;
      this.#rows.set(key, view);
      changed.set(key, before);
    }
    for (const key of gone) {
      if (removed !== null) this.#unreadable.delete(key);
      const before = this.#rows.get(key);
      // A frame may change a row and remove it: then the change has the row as it was before both.
      if (this.#rows.delete(key) && !changed.has(key)) changed.set(key, before);
    }
    return changed;
  }

  #keyOf(patch: unknown): string | null {
    const key = member(patch, this.#kind.keyField);
    return text(key) ? key : null;
  }
}
