import type { Board } from "../../core/board/board.ts";
import type { RowChange } from "../../core/board/collection.ts";
import { LocalDays } from "../../core/board/local-day.ts";
import { ReplayLog } from "../../core/history/replay/replay-log.ts";
import { KeyframeWriter } from "./keyframe-writer.ts";
import type { ReplayTables } from "./replay-tables.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Rows of each table that one run deletes: some 8 MB, a few ms. */
const DELETED_AT_ONCE = 500;
/** If more is to be deleted, the next run comes so much later. */
const DELETE_AGAIN_MS = 10_000;

/** Runs a change of the storage alone, all or nothing. */
type Transaction = (change: () => void) => void;

/** The log behind replay in the storage of a contact center. With `historyDays` 0 nothing is written, and what is there is deleted. */
export class StoredReplay {
  readonly tables: ReplayTables;
  readonly historyDays: number;
  readonly #days: LocalDays;
  readonly #log: ReplayLog | null;
  readonly #writer: KeyframeWriter;

  constructor(tables: ReplayTables, historyDays: number, timeZone: string, transaction: Transaction) {
    this.tables = tables;
    this.historyDays = historyDays;
    this.#days = new LocalDays(timeZone);
    this.#writer = new KeyframeWriter(
      () => this.#log?.drainKeyframe() ?? null,
      (place, part, rows) => {
        // Nobody would delete a keyframe that comes after the last deletion of its day.
        if (place.at >= this.keptFrom(Date.now())) transaction(() => tables.saveKeyframePart(place, part, rows));
      },
    );
    this.#log = historyDays === 0 ? null : new ReplayLog(tables, this.#days, { keyframeDue: () => this.#writer.schedule() });
  }

  noteChange(change: RowChange): void {
    this.#log?.noteChange(change);
  }

  /** Call in a transaction, before it changes the board. */
  beginChanges(board: Board, now: number): void {
    this.#log?.beginChanges(board, now);
  }

  /** Begins the log anew in a transaction of its own, if it does not end with this board. */
  beginChain(board: Board, now: number): void {
    this.#log?.beginChain(board, now);
  }

  /** Call in the same transaction, after it changed the board. */
  saveChanges(board: Board, now: number): void {
    this.#log?.saveChanges(board, now);
  }

  /** Call when the memory was read anew. */
  forgetMemory(): void {
    this.#log?.forgetMemory();
    this.#writer.abandon();
  }

  /** The first moment of the days that are kept, epoch ms: today and the days before it. Infinity = none are. */
  keptFrom(now: number): number {
    if (this.historyDays === 0) return Number.POSITIVE_INFINITY;
    // The middle of a day, because days have 23 to 25 hours.
    return this.#days.dayOf(this.#days.dayOf(now).from - this.historyDays * DAY_MS + DAY_MS / 2).from;
  }

  /** Deletes some of what is older than the days that are kept. */
  deleteOld(now: number): void {
    const oldest = this.tables.oldestAt();
    if (oldest !== null && oldest < this.keptFrom(now)) this.tables.deleteBefore(this.keptFrom(now), DELETED_AT_ONCE);
  }

  /** When {@link deleteOld} has something to do next, epoch ms; null = never. */
  nextDeletion(now: number): number | null {
    const oldest = this.tables.oldestAt();
    if (oldest === null) return null;
    if (oldest < this.keptFrom(now)) return now + DELETE_AGAIN_MS;
    // On the day on which the clocks go back it is an hour early, and is asked again then.
    return Math.max(this.#days.dayOf(oldest).until + this.historyDays * DAY_MS, now + DELETE_AGAIN_MS);
  }
}
