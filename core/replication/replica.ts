import { Board, type Position } from "../board/board.ts";
import type { CollectionDefinition, RowFields } from "../board/collection.ts";
import { GroupView } from "../board/group-view.ts";
import { Broadcaster } from "../broadcast/broadcaster.ts";
import { FAN_OUT_BATCH } from "../broadcast/fan-out.ts";
import type { Compression } from "../broadcast/frame-packer.ts";
import { type Feed, readFeedRows } from "./feed.ts";

/** A relay's replica of its primary's board, and the broadcaster that serves viewers from it. */
export class Replica {
  readonly board: Board;
  readonly broadcaster: Broadcaster;

  constructor(
    feed: Feed,
    collections: readonly CollectionDefinition<RowFields>[],
    batchSize = FAN_OUT_BATCH,
    compression: Compression | null = null,
  ) {
    this.board = new Board(feed.epoch, feed.to, feed.floor);
    for (const definition of collections) this.board.addCollection(definition);
    for (const { collection, row } of readFeedRows(this.board, feed)) collection.restoreRow(row);
    this.broadcaster = new Broadcaster(this.board, compression, batchSize);
  }

  get position(): Position {
    return this.board.position;
  }

  /** Applies a feed that the primary sent by itself. "gap": the relay must ask the primary what it missed. */
  applyFeed(feed: Feed, now: number): "applied" | "gap" {
    const { epoch, seq } = this.board;
    // Below its oldest resumable seq the primary no longer knows which rows were removed.
    if (feed.epoch !== epoch || feed.from > seq || seq < feed.floor) return "gap";
    this.#applyRows(feed, now);
    return "applied";
  }

  /**
   * Applies the primary's answer to the question what the relay missed since `asked`. "lost": the primary lost its state, or does
   * not know what the relay missed. Then the replica and all its viewers must start anew.
   */
  applyAnswer(feed: Feed, asked: Position, now: number): "applied" | "lost" {
    if (feed.epoch !== this.board.epoch || feed.from !== asked.seq) return "lost";
    this.#applyRows(feed, now);
    return "applied";
  }

  /** After hibernation: sends the viewers, who got everything up to `remembered`, what has changed since. */
  catchUpViewers(remembered: Position | null, now: number): void {
    const { board, broadcaster } = this;
    for (const { id, groupFilter } of broadcaster.viewers()) {
      if (remembered?.epoch !== board.epoch) broadcaster.resync(id, now);
      else if (remembered.seq < board.seq) {
        const view = new GroupView(groupFilter);
        const seq = board.newestVisible(view, remembered.seq);
        broadcaster.sendFirstFrame(id, { epoch: view.epochOf(board.epoch), seq }, now);
      }
    }
  }

  /** Which of these rows of a collection have changed after `seq`. */
  changedKeys(collectionName: string, keys: Iterable<string>, seq: number): string[] {
    const collection = this.board.collections.find(({ definition }) => definition.name === collectionName);
    return [...keys].filter((key) => (collection?.row(key)?.seq ?? 0) > seq);
  }

  #applyRows(feed: Feed, now: number): void {
    if (feed.to <= this.board.seq) return;
    for (const { collection, row } of readFeedRows(this.board, feed)) {
      const before = collection.row(row.key);
      if (before !== undefined && before.seq >= row.seq) continue;
      collection.restoreRow(row);
      const valueBefore = before?.value ?? null;
      if (valueBefore === null && row.value === null) continue;
      const fields = collection.changedFields(valueBefore, row.value);
      this.broadcaster.noteChange({ collection, before: valueBefore, row, fields });
    }
    this.board.advance(feed.to, feed.floor);
    // The primary has conflated already. While the flush before is on its way, this one waits.
    if (!this.broadcaster.isFanningOut) this.broadcaster.flush(now);
  }
}
