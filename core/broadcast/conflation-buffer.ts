import { changedPaths } from "../board/changed-paths.ts";
import type { BoardRow, Collection, RowChange, RowFields } from "../board/collection.ts";
import type { GroupView } from "../board/group-view.ts";

/** Everything that happened to one row since the last flush. */
export interface PendingChange {
  collection: Collection<RowFields>;
  row: BoardRow;
  /** Every field touched on the way, also one that ended where it began: a viewer may have joined in between. */
  fields: Set<string>;
  /** What was touched within the fields, as paths (`sentiment.customer.score`): compact rows carry no more than that. */
  paths: Set<string>;
  /** A viewer may not hold the row as it was, so it needs the whole row. */
  whole: boolean;
  /** The groups of the row now; null = it is a tombstone. */
  groups: readonly string[] | null;
  /** The groups of every state of the row since the last flush; null = it was a tombstone all the time. */
  seenGroups: Set<string> | null;
}

/** The effect of a change on the viewers with one filter; null = none. */
export type VisibilityChange = "whole" | "patch" | "removed" | null;

/** The changes between two flushes, each row once, in the order of their last seq. */
export class ConflationBuffer {
  readonly #pending = new Map<Collection<RowFields>, Map<string, PendingChange>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns what is pending and starts anew. */
  drainChanges(): PendingChange[] {
    const changes = [...this.#pending.values()].flatMap((byKey) => [...byKey.values()]);
    this.#pending.clear();
    this.#size = 0;
    return changes;
  }

  addChange({ collection, before, row, fields }: RowChange): void {
    const byKey = this.#pending.get(collection) ?? new Map<string, PendingChange>();
    this.#pending.set(collection, byKey);
    const known = byKey.get(row.key);
    const seenGroups = before === null ? null : new Set(collection.groupsOf(before));
    const change = known ?? {
      collection,
      row,
      fields: new Set<string>(),
      paths: new Set<string>(),
      whole: false,
      groups: null,
      seenGroups,
    };
    if (known === undefined) this.#size += 1;
    else byKey.delete(row.key);
    byKey.set(row.key, change);
    change.row = row;
    const after = row.value;
    change.groups = after === null ? null : collection.groupsOf(after);
    if (before === null || after === null) change.whole = true;
    else {
      for (const field of fields) {
        change.fields.add(field);
        for (const path of changedPaths(field, before[field], after[field])) change.paths.add(path);
      }
      // A viewer that could not see the row before needs all of it.
      if (!sameGroups(collection.groupsOf(before), change.groups ?? [])) change.whole = true;
    }
    if (change.groups === null) return;
    change.seenGroups ??= new Set();
    for (const group of change.groups) change.seenGroups.add(group);
  }
}

export function visibilityChange({ groups, whole, seenGroups }: PendingChange, view: GroupView): VisibilityChange {
  if (groups !== null && view.mayView(groups)) return whole ? "whole" : "patch";
  return seenGroups !== null && view.mayView(seenGroups) ? "removed" : null;
}

function sameGroups(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((group, index) => group === b[index]);
}
