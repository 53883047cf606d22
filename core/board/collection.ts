import { rowNumber } from "../../protocol/row-number.ts";
import { GroupView } from "./group-view.ts";
import { sameJson } from "./same-json.ts";
import type { Sequence } from "./sequence.ts";
import type { GroupFilter } from "./visibility.ts";

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
  /** Whether whole lists have the row at `now` (epoch ms); absent = always. Batches, resumes and relays have every row. */
  isListed?(value: Value, now: number): boolean;
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
  /** Every group that a row has or has left. It only grows: groups are few, and a filter's effect must not shrink unnoticed. */
  readonly #groups = new Set<string>();
  /** Number -> how many keys have it. */
  readonly #numbers = new Map<number, number>();

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

  /** How many rows there are, tombstones among them. */
  get size(): number {
    return this.#rows.size;
  }

  /** Every group that a row has, or had since this collection is in memory. */
  get groups(): ReadonlySet<string> {
    return this.#groups;
  }

  /** Takes over a row as it is, from storage or from a primary's feed. */
  restoreRow(row: BoardRow<Value>): void {
    this.#setRow(row);
    if (row.value !== null) this.#noteGroups(this.groupsOf(row.value));
    this.#noteGroups(Object.keys(row.left));
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
    this.#noteGroups(groups);
    const gone = (valueBefore === null ? [] : this.groupsOf(valueBefore)).filter((group) => !groups.includes(group));
    // `left[group] = seq` would lose a group called __proto__.
    const left = { ...before?.left, ...Object.fromEntries(gone.map((group) => [group, seq])) };
    const row = { key, seq, value, left };
    this.#setRow(row);
    return { collection: this, before: valueBefore, row, fields };
  }

  /** Deletes a tombstone. Positions from before it can no longer resume. */
  deleteTombstone(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined || row.value !== null) return;
    this.#forgetRow(key);
    this.#sequence.raiseOldestResumable(row.seq);
  }

  /**
   * Deletes a row without a tombstone. Positions from before its last change can no longer resume: their viewers would keep the row
   * as it was before. For rows that do not change any more, and that clients drop by themselves.
   */
  deleteRow(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#forgetRow(key);
    this.#sequence.raiseOldestResumable(row.seq);
  }

  /** The number by which compact rows name the key; null = another row has the same number, so only the key itself is clear. */
  numberOf(key: string): number | null {
    const number = rowNumber(key);
    return this.#numbers.get(number) === 1 ? number : null;
  }

  /** All rows within the filter. */
  visible(filter: GroupFilter): Value[] {
    const view = new GroupView(filter);
    const values: Value[] = [];
    for (const { value } of this.#rows.values()) if (value !== null && view.mayView(this.groupsOf(value))) values.push(value);
    return values;
  }

  groupsOf(value: Value): readonly string[] {
    return this.definition.groupsOf(value);
  }

  /** What a viewer with everything up to `seq` needs to know of the row: null = nothing. */
  missedOf(row: BoardRow<Value>, seq: number, view: GroupView): "changed" | "removed" | null {
    if (row.seq <= seq) return null;
    if (row.value !== null && view.mayView(this.groupsOf(row.value))) return "changed";
    return mayHaveSeen(row, seq, view) ? "removed" : null;
  }

  /** Returns the rows that a viewer with everything up to `seq` lacks. */
  missedSince(seq: number, filter: GroupFilter): MissedRows<Value> {
    const view = new GroupView(filter);
    const missed: MissedRows<Value> = { changed: [], removed: [] };
    for (const row of this.#rows.values()) {
      const news = this.missedOf(row, seq, view);
      if (news === "changed" && row.value !== null) missed.changed.push(row.value);
      else if (news === "removed") missed.removed.push(row.key);
    }
    return missed;
  }

  /** Returns the newest seq of a row within the filter, `upTo` at most, or 0 without one. */
  newestVisible(view: GroupView, upTo: number): number {
    let newest = 0;
    for (const { value, seq } of this.#rows.values()) {
      if (value !== null && seq > newest && seq <= upTo && view.mayView(this.groupsOf(value))) newest = seq;
    }
    return newest;
  }

  /** Returns the names of the fields that differ. There are none when the row came or went. */
  changedFields(before: Value | null, after: Value | null): string[] {
    if (before === null || after === null) return [];
    return this.definition.fields.filter((field) => !sameJson(before[field], after[field]));
  }

  #setRow(row: BoardRow<Value>): void {
    if (!this.#rows.has(row.key)) this.#countNumber(row.key, 1);
    this.#rows.set(row.key, row);
  }

  #forgetRow(key: string): void {
    this.#rows.delete(key);
    this.#countNumber(key, -1);
  }

  #countNumber(key: string, change: 1 | -1): void {
    const number = rowNumber(key);
    const keys = (this.#numbers.get(number) ?? 0) + change;
    if (keys === 0) this.#numbers.delete(number);
    else this.#numbers.set(number, keys);
  }

  #noteGroups(groups: Iterable<string>): void {
    for (const group of groups) this.#groups.add(group);
  }
}

/** Whether a row that is out of sight now was in sight some time after `seq`. It names no row that the viewer never saw. */
function mayHaveSeen({ value, left }: BoardRow, seq: number, view: GroupView): boolean {
  if (view.groupFilter === null) return value === null;
  return view.mayView(Object.keys(left).filter((group) => (left[group] ?? 0) > seq));
}
