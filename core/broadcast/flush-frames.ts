import type { Board } from "../board/board.ts";
import type { Collection, RowFields } from "../board/collection.ts";
import { type GroupFilter, viewEpoch } from "../board/visibility.ts";
import { type PendingChange, visibilityChange } from "./conflation-buffer.ts";
import { type Frame, frameOf } from "./frame.ts";

/** A frame for legacy viewers, who get one per changed row. */
export interface LegacyFrame extends Frame {
  seq: number;
}

/** The frames of one flush for the viewers with one filter. */
export interface GroupFrames {
  /** One batch, or null when the flush holds nothing for this filter. */
  batch: Frame | null;
  /** Made when the first legacy viewer is served, for most hubs have none. */
  legacy(): readonly LegacyFrame[];
}

/** Writes the frames of one flush. A row's JSON is made once, a frame's text once per distinct filter. */
export class FlushFrames {
  readonly #board: Board;
  readonly #changes: readonly PendingChange[];
  readonly #now: number;
  /** The position that the flush leads to. */
  readonly to: number;
  readonly #wholes = new Map<PendingChange, string>();
  readonly #patches = new Map<PendingChange, string>();
  readonly #legacy = new Map<PendingChange, Frame>();

  constructor(board: Board, changes: readonly PendingChange[], now: number) {
    this.#board = board;
    this.#changes = changes;
    this.#now = now;
    this.to = board.seq;
  }

  /** The frames for one filter, whose viewers all stand at `from`. */
  framesFor(filter: GroupFilter, from: number): GroupFrames {
    let legacy: readonly LegacyFrame[] | null = null;
    return {
      batch: this.#batch(filter, from),
      legacy: () => {
        legacy ??= this.#legacyFrames(filter);
        return legacy;
      },
    };
  }

  #batch(filter: GroupFilter, from: number): Frame | null {
    const news = new Map<Collection<RowFields>, { data: string[]; removed: string[] }>();
    for (const change of this.#changes) {
      const visible = visibilityChange(change, filter);
      if (visible === null) continue;
      const { collection, row } = change;
      let rows = news.get(collection);
      if (rows === undefined) {
        rows = { data: [], removed: [] };
        news.set(collection, rows);
      }
      if (visible === "removed" || row.value === null) rows.removed.push(row.key);
      else rows.data.push(visible === "whole" ? this.#whole(change, row.value) : this.#patch(change, row.value));
    }
    if (news.size === 0) return null;
    const parts = this.#board.collections.flatMap((collection, index) => {
      const rows = news.get(collection);
      if (index === 0) return [rowsText(rows ?? { data: [], removed: [] })];
      return rows === undefined ? [] : [`${JSON.stringify(collection.definition.name)}:{${rowsText(rows)}}`];
    });
    const epoch = JSON.stringify(viewEpoch(this.#board.epoch, filter));
    const head = `{"type":"agentStatusBatch","epoch":${epoch},"from":${from},"to":${this.to},"serverTime":${this.#now}`;
    return frameOf(`${head},${parts.join(",")}}`);
  }

  #legacyFrames(filter: GroupFilter): LegacyFrame[] {
    const frames: LegacyFrame[] = [];
    for (const change of this.#changes) {
      const visible = visibilityChange(change, filter);
      if (visible === null || change.collection.definition.firstRelease === null) continue;
      const { seq, value } = change.row;
      const gone = visible === "removed" || value === null;
      frames.push({ ...(gone ? this.#legacyRemoval(change) : this.#legacyUpdate(change, value)), seq });
    }
    return frames;
  }

  #legacyRemoval({ collection, row }: PendingChange): Frame {
    return frameOf(JSON.stringify({ type: "agentRemoved", data: { [collection.definition.keyField]: row.key } }));
  }

  #legacyUpdate(change: PendingChange, value: RowFields): Frame {
    return once(this.#legacy, change, () => {
      const data = JSON.stringify(change.collection.definition.firstRelease?.toLegacyWire(value, this.#now));
      const position = `"epoch":${JSON.stringify(this.#board.epoch)},"seq":${change.row.seq}`;
      return frameOf(`{"type":"agentStatusUpdate","data":${data},${position}}`);
    });
  }

  #whole(change: PendingChange, value: RowFields): string {
    return once(this.#wholes, change, () => JSON.stringify(change.collection.definition.toWire(value, this.#now)));
  }

  #patch(change: PendingChange, value: RowFields): string {
    const { collection, fields } = change;
    return once(this.#patches, change, () => JSON.stringify(collection.definition.toPatch(value, fields, this.#now)));
  }
}

function rowsText({ data, removed }: { data: string[]; removed: string[] }): string {
  return `"data":[${data.join(",")}],"removed":${JSON.stringify(removed)}`;
}

function once<Made>(cache: Map<PendingChange, Made>, change: PendingChange, make: () => Made): Made {
  const known = cache.get(change);
  if (known !== undefined) return known;
  const made = make();
  cache.set(change, made);
  return made;
}
