import { Board, type BoardRow } from "../board/board.ts";
import { viewEpoch } from "../board/visibility.ts";
import { Broadcaster, SLICE_SENDS } from "../broadcast/broadcaster.ts";
import type { Position } from "../broadcast/viewer.ts";

/** What a relay is told by its primary: every row that changed in (`from`, `to`], as it is now. `from` 0 = all rows. */
export interface Feed {
  epoch: string;
  from: number;
  to: number;
  /** What the primary can no longer prove begins below this seq. */
  floor: number;
  rows: BoardRow[];
}

/** A relay's replica of its primary's board, and the broadcaster it serves from it. */
export class Replica {
  readonly board: Board;
  readonly broadcaster: Broadcaster;

  constructor(feed: Feed, slice = SLICE_SENDS) {
    this.board = new Board(feed.epoch, feed.rows, feed.to, feed.floor);
    this.broadcaster = new Broadcaster(this.board, slice);
  }

  get position(): Position {
    return { epoch: this.board.epoch, seq: this.board.seq };
  }

  /** Takes over a push. After a `gap` the primary must be asked; what is known already changes nothing. */
  push(feed: Feed, now: number): "taken" | "gap" {
    const { epoch, seq } = this.board;
    // Below its floor the primary no longer knows who was removed.
    if (feed.epoch !== epoch || feed.from > seq || seq < feed.floor) return "gap";
    this.#take(feed, now);
    return "taken";
  }

  /**
   * Takes over the primary's answer to what was missed since `asked`. `lost`: the primary lost its state, or cannot say what was
   * missed, so this replica and all its viewers must start anew.
   */
  answer(feed: Feed, asked: Position, now: number): "taken" | "lost" {
    if (feed.epoch !== this.board.epoch || feed.from !== asked.seq) return "lost";
    this.#take(feed, now);
    return "taken";
  }

  /** After sleep: viewers who were told everything up to `remembered` (or further) are told what has changed since. */
  awaken(remembered: Position | null, now: number): void {
    const { board, broadcaster } = this;
    for (const { id, groupFilter } of broadcaster.viewers()) {
      if (remembered?.epoch !== board.epoch) broadcaster.resync(id, now);
      else if (remembered.seq < board.seq) {
        const seq = board.newestVisible(groupFilter, remembered.seq);
        broadcaster.sendFirstFrame(id, { epoch: viewEpoch(board.epoch, groupFilter), seq }, now);
      }
    }
  }

  #take(feed: Feed, now: number): void {
    if (feed.to <= this.board.seq) return;
    for (const row of feed.rows.sort((a, b) => a.seq - b.seq)) {
      const before = this.board.row(row.agentId);
      if (before !== undefined && before.seq >= row.seq) continue;
      this.board.put(row);
      if (before?.agent != null || row.agent !== null) this.broadcaster.changed(before?.agent ?? null, row);
    }
    this.board.advance(feed.to, feed.floor);
    // The primary has conflated already; while the flush before is on its way, this one waits.
    if (!this.broadcaster.delivering) this.broadcaster.flush(now);
  }
}
