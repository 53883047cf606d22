import { rowNumber } from "../../protocol/row-number.ts";
import { array, list, member, text } from "./guards.ts";
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

const UNKNOWN = {};

/** The rows of one collection as the hub last sent them. */
export class KeptRows<Row, View extends Row> {
  readonly #kind: RowKind<Row, View>;
  #rows = new Map<string, View>();
  /** Rows that the hub has and this client does not understand. News of them is no gap. */
  #unreadable = new Set<string>();
  /** The keys by the numbers that compact rows name them by; null = several keys have the number. */
  #keys = new Map<number, string | null>();

  constructor(kind: RowKind<Row, View>) {
    this.#kind = kind;
  }

  get rows(): ReadonlyMap<string, View> {
    return this.#rows;
  }

  clear(): void {
    this.#rows = new Map();
    this.#unreadable.clear();
    this.#keys.clear();
  }

  /**
   * Returns the news with each compact row (`[number, shape, values…]`) as the fields that it stands for. A row that this client
   * cannot tell becomes `{}` without a key; {@link misses} says so.
   */
  expand(news: RowNews, shapes: unknown): RowNews {
    return { ...news, data: news.data.map((row) => (array(row) ? this.#expandRow(row, shapes) : row)) };
  }

  #expandRow([number, shape, ...values]: unknown[], shapes: unknown): object {
    const key = this.#keys.get(Number(number));
    const names = member(shapes, String(shape));
    if (!key || !list(text)(names)) return UNKNOWN;
    const row = { [this.#kind.keyField]: key };
    for (const [index, name] of names.entries()) setPath(row, this.#rows.get(key), name.split("."), values[index]);
    return row;
  }

  /** Whether the news has a part of a row that this client never got whole: then it missed an earlier change. */
  misses({ data, removed }: RowNews): boolean {
    if (removed === null) return false;
    return data.some((patch) => {
      if (patch === UNKNOWN) return true;
      const key = this.#keyOf(patch);
      if (key === null || this.#rows.has(key) || this.#unreadable.has(key)) return false;
      return this.#kind.read(Object(patch)) === undefined;
    });
  }

  /** @param at when the hub sent the news (epoch ms). */
  apply({ data, removed }: RowNews, at: number): ChangedRows<View> {
    const changed = new Map<string, View | undefined>();
    const gone = new Set(removed ?? this.#rows.keys());
    if (removed === null) {
      this.#unreadable.clear();
      this.#keys.clear();
    }
    for (const patch of data) {
      const key = this.#keyOf(patch);
      if (key === null) continue;
      this.#noteKey(key);
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
      if (removed !== null && this.#keys.get(rowNumber(key)) === key) this.#keys.delete(rowNumber(key));
    }
    return changed;
  }

  #noteKey(key: string): void {
    const number = rowNumber(key);
    const known = this.#keys.get(number);
    this.#keys.set(number, known === undefined || known === key ? key : null);
  }

  #keyOf(patch: unknown): string | null {
    const key = member(patch, this.#kind.keyField);
    return text(key) ? key : null;
  }
}

/** Sets a value within `row`. What lies around it is copied from `before`. */
function setPath(row: object, before: unknown, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    Reflect.set(row, name, value);
    return;
  }
  const around = member(before, name);
  const own = member(row, name);
  // What the row has of its own is a copy already.
  const inner: object = own === undefined || own === around ? copyOf(around) : Object(own);
  Reflect.set(row, name, inner);
  setPath(inner, around, rest, value);
}

function copyOf(value: unknown): object {
  return array(value) ? [...value] : { ...Object(value) };
}
