import type { CollectionDefinition, RowFields } from "../../board/collection.ts";
import type { GroupView } from "../../board/group-view.ts";
import type { LoggedRow, LogLine } from "./log-line.ts";

interface PastRow {
  stored: RowFields;
  /** undefined = not parsed since the last change. */
  value: RowFields | null | undefined;
}

/** What a change is for one viewer: whole rows or changed fields, and the keys of rows that went out of its sight. */
interface CollectionChange {
  data: object[];
  removed: string[];
}

/**
 * A board as it was, rebuilt from a keyframe and the lines after it. It shares nothing with the live board. A viewer sees the rows
 * that were in one of its groups then.
 */
export class PastBoard {
  readonly #definitions: readonly CollectionDefinition<RowFields>[];
  readonly #rows = new Map<string, Map<string, PastRow>>();

  constructor(definitions: readonly CollectionDefinition<RowFields>[]) {
    this.#definitions = definitions;
    for (const { name } of definitions) this.#rows.set(name, new Map());
  }

  /** Applies what became of a row. Rows of collections that this release does not know are left out. */
  applyRow({ collection, key, fields }: LoggedRow): void {
    const rows = this.#rows.get(collection);
    if (rows === undefined) return;
    if (fields === null) rows.delete(key);
    else rows.set(key, { stored: { ...rows.get(key)?.stored, ...fields }, value: undefined });
  }

  /**
   * Yields the rows of each collection within the view as whole lists had them at `at` (epoch ms): the fields of a JSON object without
   * its braces, a row at a time, because 10,000 rows take 100 ms. A row that is only looked at is an empty text.
   */
  *listPieces(view: GroupView, at: number): Generator<string> {
    for (const [index, definition] of this.#definitions.entries()) {
      yield `${index === 0 ? "" : ","}${JSON.stringify(index === 0 ? "data" : definition.name)}:[`;
      yield* this.#rowPieces(definition, view, at);
      yield "]";
    }
  }

  /** Applies a line. Returns the change for a viewer, in the form of a batch; null = the viewer sees nothing of it. */
  applyLine({ at, rows }: LogLine, view: GroupView): object | null {
    const changes = new Map<string, CollectionChange>();
    for (const row of rows) {
      const definition = this.#definitions.find(({ name }) => name === row.collection);
      if (definition === undefined) continue;
      const before = this.#visible(definition, row.key, view);
      this.applyRow(row);
      const after = this.#visible(definition, row.key, view);
      if (before === null && after === null) continue;
      const change = changes.get(row.collection) ?? { data: [], removed: [] };
      changes.set(row.collection, change);
      if (after === null) change.removed.push(row.key);
      else if (before === null || row.fields === null) change.data.push(definition.toWire(after, at));
      else change.data.push(definition.toPatch(after, new Set(changedFields(definition, row.fields)), at));
    }
    return changes.size === 0 ? null : this.#toFrame(changes, at);
  }

  /** Yields what a viewer of `before` needs to know to have this board, in pieces as {@link listPieces} does. */
  *changePiecesFrom(before: PastBoard, view: GroupView, at: number): Generator<string> {
    for (const [index, definition] of this.#definitions.entries()) {
      const [opening, end] = index === 0 ? ["", ""] : [`,${JSON.stringify(definition.name)}:{`, "}"];
      yield `${opening}"data":[`;
      yield* this.#rowPieces(definition, view, at);
      const removed: string[] = [];
      for (const key of before.#keys(definition)) {
        if (before.#visible(definition, key, view) !== null && this.#visible(definition, key, view) === null) removed.push(key);
        yield "";
      }
      yield `],"removed":${JSON.stringify(removed)}${end}`;
    }
  }

  #toFrame(changes: ReadonlyMap<string, CollectionChange>, at: number): object {
    const [first, ...others] = this.#definitions;
    const news = others.flatMap(({ name }) => {
      const change = changes.get(name);
      return change === undefined ? [] : [[name, change] as const];
    });
    const main = first === undefined ? undefined : changes.get(first.name);
    return { at, ...(main ?? { data: [], removed: [] }), ...Object.fromEntries(news) };
  }

  #keys({ name }: CollectionDefinition<RowFields>): string[] {
    return [...(this.#rows.get(name)?.keys() ?? [])];
  }

  *#rowPieces(definition: CollectionDefinition<RowFields>, view: GroupView, at: number): Generator<string> {
    let separator = "";
    for (const key of this.#keys(definition)) {
      const value = this.#visible(definition, key, view);
      if (value === null || definition.isListed?.(value, at) === false) yield "";
      else {
        yield `${separator}${JSON.stringify(definition.toWire(value, at))}`;
        separator = ",";
      }
    }
  }

  /** null = there is no such row within the view. */
  #visible(definition: CollectionDefinition<RowFields>, key: string, view: GroupView): RowFields | null {
    const row = this.#rows.get(definition.name)?.get(key);
    if (row === undefined) return null;
    if (row.value === undefined) row.value = definition.parse(row.stored);
    return row.value !== null && view.mayView(definition.groupsOf(row.value)) ? row.value : null;
  }
}

/** A field that another release logged and this one does not know is left out. */
function changedFields(definition: CollectionDefinition<RowFields>, fields: RowFields): string[] {
  return Object.keys(fields).filter((field) => definition.fields.includes(field));
}
