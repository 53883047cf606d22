import { sameJson } from "./same-json.ts";
import type { Sequence } from "./sequence.ts";
import { type GroupFilter, mayView } from "./visibility.ts";

/** The fields of a row by name: plain JSON. */
export type RowFields = Readonly<Record<string, unknown>>;

/** One kind of row: what it is called, which fields it has, who may see it, and how it travels. */
export interface CollectionDefinition<Value extends RowFields> {
  /** Names the collection in frames, feeds and storage. */
  readonly name: string;
  /** The field of a row that holds its key. */
  readonly keyField: string;
  /** The fields that are compared and sent. Take them from the schema, so that none is forgotten. */
  readonly fields: readonly string[];
  /** Reads a row that another version of the code wrote. Fields that it lacks get defaults; null = this is no such row. */
  parse(stored: unknown): Value | null;
  /** A viewer with a group filter sees the row when it shares one of these groups. */
  groupsOf(value: Value): readonly string[];
  /** The whole row as `hub.v1` viewers get it at `now` (epoch ms). */
  toWire(value: Value, now: number): object;
  /** The named fields of the row, with its key, as `hub.v1` viewers get them at `now` (epoch ms). */
  toPatch(value: Value, fields: ReadonlySet<string>, now: number): object;
  /** The encoding for viewers and relays of the first release; null = they do not get the collection. */
  readonly firstRelease: FirstReleaseEncoding<Value> | null;
}

/** How the only collection of the first release travels: at the top level of frames and feeds. */
export interface FirstReleaseEncoding<Value extends RowFields> {
  /** The field of a feed's row that holds the value. */
  readonly valueField: string;
  /** The whole row as legacy viewers get it at `now` (epoch ms). */
  toLegacyWire(value: Value, now: number): object;
}

/** One row, or the tombstone of one (`value` null). */
export interface BoardRow<Value extends RowFields = RowFields> {
  key: string;
  /** The number of the change that made the row what it is. */
  seq: number;
  value: Value | null;
  /** Group -> the seq at which the row last left it. A viewer that resumes from before must drop the row. */
  left: Readonly<Record<string, number>>;
}

/** One change of one row, for the broadcaster. */
export interface RowChange {
  collection: Collection<RowFields>;
  before: RowFields | null;
  row: BoardRow;
  /** The fields that differ. Empty when the row came or went. */
  fields: readonly string[];
}

/** The rows of one collection that a viewer at some position lacks. */
export interface MissedRows<Value extends RowFields> {
  changed: Value[];
  /** Keys that the viewer may hold and must drop. */
  removed: string[];
}

/**
 * Keyed rows of one kind, each with the seq of its last change. The rows themselves answer what changed since a position. This
 * needs no log, and works after any crash or absence.
 */
export class Collection<Value extends RowFields> {
  readonly definition: CollectionDefinition<Value>;
  readonly #sequence: Sequence;
  readonly #rows = new Map<string, BoardRow<Value>>();

  constructor(definition: CollectionDefinition<Value>, sequence: Sequence) {
    this.definition = definition;
    this.#sequence = sequence;
  }

  row(key: string): BoardRow<Value> | undefined {
    return this.#rows.get(key);
  }

  rows(): Iterable<BoardRow<Value>> {
    return this.#rows.values();
  }

  /** Takes over a row as it is, from storage or from a primary's feed. */
  restoreRow(row: BoardRow<Value>): void {
    this.#rows.set(row.key, row);
    this.#sequence.advanceTo(row.seq);
  }

  /** Writes a row (null = its tombstone) under the next seq; undefined when no field changed. */
  change(key: string, value: Value | null): RowChange | undefined {
    const before = this.#rows.get(key);
    const valueBefore = before?.value ?? null;
    if (value === null && valueBefore === null) return undefined;
    const fields = this.changedFields(valueBefore, value);
    if (value !== null && valueBefore !== null && fields.length === 0) return undefined;
    const seq = this.#sequence.next();
    const groups = value === null ? [] : this.groupsOf(value);
    const gone = (valueBefore === null ? [] : this.groupsOf(valueBefore)).filter((group) => !groups.includes(group));
    // `left[group] = seq` would lose a group called __proto__.
    const left = { ...before?.left, ...Object.fromEntries(gone.map((group) => [group, seq])) };
    const row = { key, seq, value, left };
    this.#rows.set(key, row);
    return { collection: this, before: valueBefore, row, fields };
  }

  /** Deletes a tombstone. Positions from before it can no longer resume. */
  deleteTombstone(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined || row.value !== null) return;
    this.#rows.delete(key);
    this.#sequence.raiseOldestResumable(row.seq);
  }

  /** All rows within the filter. */
  visible(filter: GroupFilter): Value[] {
    const values: Value[] = [];
    for (const { value } of this.#rows.values()) if (value !== null && this.mayView(filter, value)) values.push(value);
    return values;
  }

  groupsOf(value: Value): readonly string[] {
    return this.definition.groupsOf(value);
  }

  mayView(filter: GroupFilter, value: Value): boolean {
    return mayView(filter, this.groupsOf(value));
  }

  /** Returns the rows that a viewer with everything up to `seq` lacks. */
  missedSince(seq: number, filter: GroupFilter): MissedRows<Value> {
    const changed: Value[] = [];
    const removed: string[] = [];
    for (const row of this.#rows.values()) {
      if (row.seq <= seq) continue;
      if (row.value !== null && this.mayView(filter, row.value)) changed.push(row.value);
      else if (mayHaveSeen(row, seq, filter)) removed.push(row.key);
    }
    return { changed, removed };
  }

  /** Returns the newest seq of a row within the filter, `upTo` at most, or 0 without one. */
  newestVisible(filter: GroupFilter, upTo: number): number {
    let newest = 0;
    for (const { value, seq } of this.#rows.values()) {
      if (value !== null && seq > newest && seq <= upTo && this.mayView(filter, value)) newest = seq;
    }
    return newest;
  }

  /** Returns the names of the fields that differ. There are none when the row came or went. */
  changedFields(before: Value | null, after: Value | null): string[] {
    if (before === null || after === null) return [];
    return this.definition.fields.filter((field) => !sameJson(before[field], after[field]));
  }
}

/** Whether a row that is out of sight now was in sight some time after `seq`. It names no row that the viewer never saw. */
function mayHaveSeen(row: BoardRow, seq: number, filter: GroupFilter): boolean {
  if (filter === null) return row.value === null;
  return filter.some((group) => (row.left[group] ?? 0) > seq);
}
