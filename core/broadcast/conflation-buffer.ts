import type { BoardAgent, BoardField, BoardRow } from "../board/board.ts";
import { changedFields } from "../board/board.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";

/** Everything that happened to one agent since the last flush. */
export interface Dirty {
  row: BoardRow;
  /** Every field touched on the way, also one that ended where it began: a viewer may have joined in between. */
  fields: Set<BoardField>;
  /** A viewer may not hold the agent as it was, so only the whole of it will do. */
  whole: boolean;
  /** The groups of every state the agent was in during the window; null while it was on no board at all. */
  seenGroups: Set<string> | null;
}

/** What one flush tells the viewers of one group filter about one agent. */
export type Told = "whole" | "patch" | "removed" | null;

/** The changes between two flushes, each agent once, in the order of their last seq. */
export class ChangeWindow {
  readonly #dirty = new Map<string, Dirty>();

  get size(): number {
    return this.#dirty.size;
  }

  /** Ends the window: returns what is in it and begins the next. */
  take(): Dirty[] {
    const dirty = [...this.#dirty.values()];
    this.#dirty.clear();
    return dirty;
  }

  add(before: BoardAgent | null, row: BoardRow): void {
    const dirty = this.#dirty.get(row.agentId) ?? {
      row,
      fields: new Set(),
      whole: false,
      seenGroups: before === null ? null : new Set(before.groups),
    };
    this.#dirty.delete(row.agentId);
    this.#dirty.set(row.agentId, dirty);
    dirty.row = row;
    const after = row.agent;
    if (before === null || after === null) dirty.whole = true;
    else for (const field of changedFields(before, after)) dirty.fields.add(field);
    if (dirty.fields.has("groups")) dirty.whole = true;
    if (after !== null) {
      dirty.seenGroups ??= new Set();
      for (const group of after.groups) dirty.seenGroups.add(group);
    }
  }
}

export function tell(dirty: Dirty, groupFilter: GroupFilter): Told {
  const { agent } = dirty.row;
  if (agent !== null && mayView(groupFilter, agent.groups)) return dirty.whole ? "whole" : "patch";
  return dirty.seenGroups !== null && mayView(groupFilter, dirty.seenGroups) ? "removed" : null;
}
