import { valueAt } from "../board/changed-paths.ts";
import type { PendingChange } from "./conflation-buffer.ts";

/**
 * The shapes of a flush: which fields a compact row carries, in which order. A row refers to its shape by number, and the frame
 * names each shape that it uses, so a frame can be read without any other.
 */
export class Shapes {
  readonly #indexes = new Map<string, number>();
  readonly #names: (readonly string[])[] = [];

  /** The number of the shape. */
  indexOf(names: readonly string[]): number {
    const key = names.join("\n");
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.#names.length);
    return this.#names.push(names) - 1;
  }

  /** The named shapes as JSON: number -> fields. */
  textOf(indexes: Iterable<number>): string {
    const used = [...new Set(indexes)].sort((a, b) => a - b);
    return JSON.stringify(Object.fromEntries(used.map((index) => [index, this.#names[index] ?? []])));
  }
}

/** A row as compact viewers get it. `shape` is null when it is an object, as other viewers get it. */
export interface CompactRow {
  text: string;
  shape: number | null;
}

/**
 * Writes `[number, shape, values…]`. A row that came or changed its groups is an object with all fields, and so is one whose number
 * another row has too.
 */
export function compactRow({ collection, row, whole, fields, paths }: PendingChange, shapes: Shapes, now: number): CompactRow {
  const { definition } = collection;
  if (row.value === null) return { text: "", shape: null };
  if (whole) return { text: JSON.stringify(definition.toWire(row.value, now)), shape: null };
  const patch: Readonly<Record<string, unknown>> = { ...definition.toPatch(row.value, fields, now) };
  const number = collection.numberOf(row.key);
  if (number === null) return { text: JSON.stringify(patch), shape: null };
  const names = Object.keys(patch)
    .filter((field) => field !== definition.keyField)
    .flatMap((field) => partsOf(field, paths));
  const shape = shapes.indexOf(names);
  const values = names.map((name) => JSON.stringify(valueAt(patch, name)) ?? "null");
  return { text: `[${[number, shape, ...values].join(",")}]`, shape };
}

/** The touched paths of a field, in an order that does not depend on which was touched first; the field itself if it is whole. */
function partsOf(field: string, paths: ReadonlySet<string>): string[] {
  const within = [...paths].filter((path) => path.startsWith(`${field}.`)).sort();
  return paths.has(field) || within.length === 0 ? [field] : withoutNested(within);
}

/** A path that lies within another one is in the value of that one already. */
function withoutNested(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((outer) => path.startsWith(`${outer}.`)));
}
