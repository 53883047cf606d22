import type { Board } from "../board/board.ts";
import type { Collection, RowFields } from "../board/collection.ts";
import type { GroupView } from "../board/group-view.ts";
import { blocksOf, type ChangeBlock, type RowForm } from "./change-block.ts";
import { Shapes } from "./compact-rows.ts";
import { type PendingChange, visibilityChange } from "./conflation-buffer.ts";
import { type Frame, frameOf, frameOfParts, joinFrames } from "./frame.ts";

/** A frame for legacy viewers, who get one per changed row. */
export interface LegacyFrame extends Frame {
  seq: number;
}

/** The frames of one flush for the viewers with one filter. Each is made when the first viewer is served. */
export interface GroupFrames {
  batch(): Frame;
  legacy(): readonly LegacyFrame[];
}

/** A step writes so many rows, then waiting work runs: some 2 ms at 4 µs a row. */
const ROWS_PER_STEP = 500;
/** Distinct ends of frames kept. Each refers to the texts of its blocks, so it is small. */
const MAX_TAILS = 64;

/** What the viewers with one filter see of each block of a flush; null = nothing of any. */
export type FlushEffect = readonly ("data" | "removed" | null)[];

/** Writes the frames of one flush. A row's JSON is made once, a frame's text once for all filters with the same effect. */
export class FlushFrames {
  readonly #board: Board;
  readonly #changes: readonly PendingChange[];
  readonly #blocks: readonly ChangeBlock[];
  readonly #shapes = new Shapes();
  readonly #now: number;
  /** The position that the flush leads to. */
  readonly to: number;
  readonly #tails = new Map<string, Frame>();
  readonly #legacy = new Map<PendingChange, Frame>();

  constructor(board: Board, changes: readonly PendingChange[], now: number) {
    this.#board = board;
    this.#changes = changes;
    this.#blocks = blocksOf(changes, this.#shapes, now);
    this.#now = now;
    this.to = board.seq;
  }

  /** How many blocks a filter is compared with. */
  get blockCount(): number {
    return this.#blocks.length;
  }

  effectOn(view: GroupView): FlushEffect | null {
    const effect = this.#blocks.map((block) => block.effectOn(view));
    return effect.every((each) => each === null) ? null : effect;
  }

  /** Writes some of the rows that a frame with this effect needs. Returns whether all are written. */
  writeRows(effect: FlushEffect, form: RowForm): boolean {
    let left = ROWS_PER_STEP;
    for (const [index, block] of this.#blocks.entries()) {
      if (effect[index] !== "data" || block.isWritten(form)) continue;
      left -= block.writeRows(form, left);
      if (!block.isWritten(form)) return false;
    }
    return true;
  }

  /** The frames for one filter, whose viewers all stand at `from`. */
  framesFor(view: GroupView, effect: FlushEffect, form: RowForm, from: number): GroupFrames {
    let batch: Frame | null = null;
    let legacy: readonly LegacyFrame[] | null = null;
    return {
      batch: () => {
        batch ??= this.#batch(view, effect, form, from);
        return batch;
      },
      legacy: () => {
        legacy ??= this.#legacyFrames(view);
        return legacy;
      },
    };
  }

  #batch(view: GroupView, effect: FlushEffect, form: RowForm, from: number): Frame {
    const epoch = JSON.stringify(view.epochOf(this.#board.epoch));
    const head = `{"type":"agentStatusBatch","epoch":${epoch},"from":${from},"to":${this.to},"serverTime":${this.#now},`;
    return frameOfParts([frameOf(head), this.#tail(effect, form)]);
  }

  /** The frame from its rows on. It is the same for all filters with this effect. */
  #tail(effect: FlushEffect, form: RowForm): Frame {
    const key = `${form} ${effect.map((each) => each?.[0] ?? "-").join("")}`;
    const known = this.#tails.get(key);
    if (known !== undefined) return known;
    const parts = this.#board.collections.flatMap((collection, index) => {
      const rows = this.#rowsOf(collection, effect, form);
      if (index === 0) return [rows ?? frameOf('"data":[],"removed":[]')];
      return rows === null
        ? []
        : [joinFrames("", [frameOf(`${JSON.stringify(collection.definition.name)}:{`), rows, frameOf("}")])];
    });
    const shapes =
      form === "full" ? [] : this.#blocks.flatMap((block, index) => (effect[index] === "data" ? [...block.shapes] : []));
    if (shapes.length > 0) parts.push(frameOf(`"shapes":${this.#shapes.textOf(shapes)}`));
    const tail = joinFrames("", [joinFrames(",", parts), frameOf("}")]);
    if (this.#tails.size >= MAX_TAILS) this.#tails.clear();
    this.#tails.set(key, tail);
    return tail;
  }

  #rowsOf(collection: Collection<RowFields>, effect: FlushEffect, form: RowForm): Frame | null {
    const blocks = [...this.#blocks.entries()].filter(([, block]) => block.collection === collection);
    const data = blocks.filter(([index]) => effect[index] === "data").map(([, block]) => block.data(form));
    const removed = blocks.filter(([index]) => effect[index] === "removed").map(([, block]) => block.removed);
    if (data.length === 0 && removed.length === 0) return null;
    const [open, between, close] = [frameOf('"data":['), frameOf('],"removed":['), frameOf("]")];
    return joinFrames("", [open, joinFrames(",", data), between, joinFrames(",", removed), close]);
  }

  #legacyFrames(view: GroupView): LegacyFrame[] {
    const frames: LegacyFrame[] = [];
    for (const change of this.#changes) {
      const visible = visibilityChange(change, view);
      if (visible === null || change.collection.definition.firstRelease === null) continue;
      const { collection, row } = change;
      const frame =
        visible === "removed" || row.value === null ? legacyRemoval(collection, row.key) : this.#legacyUpdate(change, row.value);
      frames.push({ ...frame, seq: row.seq });
    }
    return frames;
  }

  #legacyUpdate(change: PendingChange, value: RowFields): Frame {
    const known = this.#legacy.get(change);
    if (known !== undefined) return known;
    const made = legacyUpdate(this.#board.epoch, change.collection, value, change.row.seq, this.#now);
    this.#legacy.set(change, made);
    return made;
  }
}

export function legacyRemoval({ definition }: Collection<RowFields>, key: string): Frame {
  return frameOf(JSON.stringify({ type: "agentRemoved", data: { [definition.keyField]: key } }));
}

export function legacyUpdate(
  epoch: string,
  { definition }: Collection<RowFields>,
  value: RowFields,
  seq: number,
  now: number,
): Frame {
  const data = JSON.stringify(definition.firstRelease?.toLegacyWire(value, now));
  return frameOf(`{"type":"agentStatusUpdate","data":${data},"epoch":${JSON.stringify(epoch)},"seq":${seq}}`);
}
