import type { Collection, RowFields } from "../board/collection.ts";
import type { GroupView } from "../board/group-view.ts";
import { compactRow, type Shapes } from "./compact-rows.ts";
import { type PendingChange, type VisibilityChange, visibilityChange } from "./conflation-buffer.ts";
import { type Frame, frameOf } from "./frame.ts";

/** How rows travel: `full` as `hub.v1` has them, `compact` as `hub.v1.z`. */
export type RowForm = "full" | "compact";

/** The rows of a block in one form, written a step at a time. */
interface WrittenRows {
  texts: string[];
  /** null = not complete yet. */
  data: Frame | null;
  shapes: Set<number>;
}

const NOTHING: Frame = { text: "", bytes: 0 };

/**
 * The changes of one flush that every filter sees alike, because their rows have and had the same groups. A flush of 500 agents
 * has few blocks, so a filter's frame costs by the blocks, not by the agents.
 */
export class ChangeBlock {
  readonly collection: Collection<RowFields>;
  readonly #changes: PendingChange[] = [];
  readonly #shapes: Shapes;
  readonly #now: number;
  readonly #forms: Readonly<Record<RowForm, WrittenRows>> = { full: nothingWritten(), compact: nothingWritten() };
  #removed: Frame | null = null;

  constructor(collection: Collection<RowFields>, shapes: Shapes, now: number) {
    this.collection = collection;
    this.#shapes = shapes;
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
  isWritten(form: RowForm): boolean {
    return this.#forms[form].data !== null;
  }

  /** Writes at most so many rows. Returns how many it wrote. */
  writeRows(form: RowForm, limit: number): number {
    const rows = this.#forms[form];
    const from = rows.texts.length;
    for (const change of this.#changes.slice(from, from + limit)) rows.texts.push(this.#rowText(change, form, rows));
    const written = rows.texts.length - from;
    if (rows.texts.length === this.#changes.length) {
      rows.data = frameOf(rows.texts.join(","));
      rows.texts = [];
    }
    return written;
  }

  /** The rows as JSON, joined by commas. */
  data(form: RowForm): Frame {
    return this.#forms[form].data ?? NOTHING;
  }

  /** The shapes that the compact rows have. */
  get shapes(): ReadonlySet<number> {
    return this.#forms.compact.shapes;
  }

  /** The keys of the rows, for viewers out of whose sight they went. */
  get removed(): Frame {
    this.#removed ??= frameOf(this.#changes.map(({ row }) => JSON.stringify(row.key)).join(","));
    return this.#removed;
  }

  #rowText(change: PendingChange, form: RowForm, { shapes }: WrittenRows): string {
    if (form === "full") return fullRow(change, this.#now);
    const { text, shape } = compactRow(change, this.#shapes, this.#now);
    if (shape !== null) shapes.add(shape);
    return text;
  }
}

/** Sorts the changes into blocks. The rows of one block share their groups, so one of them answers for all. */
export function blocksOf(changes: readonly PendingChange[], shapes: Shapes, now: number): ChangeBlock[] {
  const blocks = new Map<Collection<RowFields>, Map<string, ChangeBlock>>();
  for (const change of changes) {
    const { collection, groups, seenGroups } = change;
    const key = JSON.stringify([groups, seenGroups === null ? null : [...seenGroups]]);
    const ofCollection = blocks.get(collection) ?? new Map<string, ChangeBlock>();
    const block = ofCollection.get(key) ?? new ChangeBlock(collection, shapes, now);
    block.addChange(change);
    blocks.set(collection, ofCollection.set(key, block));
  }
  return [...blocks.values()].flatMap((ofCollection) => [...ofCollection.values()]);
}

function nothingWritten(): WrittenRows {
  return { texts: [], data: null, shapes: new Set() };
}

function fullRow({ collection, row, whole, fields }: PendingChange, now: number): string {
  const { definition } = collection;
  if (row.value === null) return "";
  return JSON.stringify(whole ? definition.toWire(row.value, now) : definition.toPatch(row.value, fields, now));
}
