import type { Collection, RowFields } from "../board/collection.ts";
import type { GroupView } from "../board/group-view.ts";
import { type PendingChange, type VisibilityChange, visibilityChange } from "./conflation-buffer.ts";
import { type Frame, frameOf } from "./frame.ts";

/**
 * The changes of one flush that every filter sees alike, because their rows have and had the same groups. A flush of 500 agents
 * has few blocks, so a filter's frame costs by the blocks, not by the agents.
 */
export class ChangeBlock {
  readonly collection: Collection<RowFields>;
  readonly #changes: PendingChange[] = [];
  readonly #now: number;
  #rows: string[] = [];
  #data: Frame | null = null;
  #removed: Frame | null = null;

  constructor(collection: Collection<RowFields>, now: number) {
    this.collection = collection;
    this.#now = now;
  }

  addChange(change: PendingChange): void {
    this.#changes.push(change);
  }

  /** What the viewers with this filter see of the block. */
  effectOn(view: GroupView): "data" | "removed" | null {
    const [first] = this.#changes;
    const effect: VisibilityChange = first === undefined ? null : visibilityChange(first, view);
    return effect === "whole" || effect === "patch" ? "data" : effect;
  }

  /** Whether {@link data} is complete. */
  get isWritten(): boolean {
    return this.#data !== null;
  }

  /** Writes at most so many rows. Returns how many it wrote. */
  writeRows(limit: number): number {
    const from = this.#rows.length;
    for (const change of this.#changes.slice(from, from + limit)) this.#rows.push(rowText(change, this.#now));
    const written = this.#rows.length - from;
    if (this.#rows.length === this.#changes.length) {
      this.#data = frameOf(this.#rows.join(","));
      this.#rows = [];
    }
    return written;
  }

  /** The rows as JSON, joined by commas. */
  get data(): Frame {
    return this.#data ?? NOTHING;
  }

  /** The keys of the rows, for viewers out of whose sight they went. */
  get removed(): Frame {
    this.#removed ??= frameOf(this.#changes.map(({ row }) => JSON.stringify(row.key)).join(","));
    return this.#removed;
  }
}

const NOTHING: Frame = { text: "", bytes: 0 };

/** Sorts the changes into blocks. The rows of one block share their groups, so one of them answers for all. */
export function blocksOf(changes: readonly PendingChange[], now: number): ChangeBlock[] {
  const blocks = new Map<Collection<RowFields>, Map<string, ChangeBlock>>();
  for (const change of changes) {
    const { collection, groups, seenGroups } = change;
    const key = JSON.stringify([groups, seenGroups === null ? null : [...seenGroups]]);
    const ofCollection = blocks.get(collection) ?? new Map<string, ChangeBlock>();
    const block = ofCollection.get(key) ?? new ChangeBlock(collection, now);
    block.addChange(change);
    blocks.set(collection, ofCollection.set(key, block));
  }
  return [...blocks.values()].flatMap((ofCollection) => [...ofCollection.values()]);
}

function rowText({ collection, row, whole, fields }: PendingChange, now: number): string {
  const { definition } = collection;
  if (row.value === null) return "";
  return JSON.stringify(whole ? definition.toWire(row.value, now) : definition.toPatch(row.value, fields, now));
}
