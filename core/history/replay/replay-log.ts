import type { Board } from "../../board/board.ts";
import type { RowChange } from "../../board/collection.ts";
import { ChangeCollector } from "./change-collector.ts";
import { Keyframe } from "./keyframe.ts";
import { encodeLogLines } from "./log-line.ts";
import type { NewestLogRow, ReplayStore } from "./ports.ts";

/** A question about a moment reads the log since the keyframe before it, so keyframes are so far apart at most while rows change. */
const KEYFRAME_EVERY_MS = 5 * 60_000;
/** In a large center much is logged in five minutes. A keyframe comes earlier then, so that a question reads no more than this. */
const KEYFRAME_EVERY_CHARACTERS = 4 * 1024 * 1024;
/** But no oftener than this: a keyframe of 20,000 agents takes a second of the thread, in small steps. */
const KEYFRAMES_APART_MS = 60_000;
/** Changes of so long go into one row of the log. Rows cost money when they are deleted, and their number costs room. */
const ROW_SPAN_MS = 10_000;
/** A row gets no more lines once it has so many characters: each addition writes the row anew. */
const FULL_ROW_CHARACTERS = 16 * 1024;
/** A line stays far below the 2 MB that a row may have, also when a roster changes thousands of rows. */
const MAX_LINE_CHARACTERS = 256 * 1024;

/** When days begin, for the keyframe at the start of each. */
export interface DayClock {
  dayOf(at: number): { from: number };
}

interface DueKeyframe {
  keyframe: Keyframe;
  /** null = the chain goes on. */
  firstRow: NewestLogRow | null;
}

/** What there is to be done after the transaction. Each runs in one, which may yet fail. */
export interface ReplayEvents {
  /** Call {@link ReplayLog.drainKeyframe} after the transaction. */
  keyframeDue(): void;
}

/**
 * Writes down what happens to the board, in the transaction in which it happens. Rows of the log grow by a line a transaction. The
 * log is an unbroken chain from a keyframe on: if the board is not the one that the log ends with (a restore, a release that knew
 * no log, another epoch), a new chain begins. It holds no clock and no board.
 */
export class ReplayLog {
  readonly #store: ReplayStore;
  readonly #days: DayClock;
  readonly #events: ReplayEvents;
  readonly #collector = new ChangeCollector();
  #newest: NewestLogRow | null = null;
  /** Whether memory knows the newest row of the storage. */
  #isRead = false;
  /** Whether the next lines need a new row. */
  #isRowClosed = true;
  #rowCharacters = 0;
  /** When the newest keyframe was begun, epoch ms; null = the chain has none. */
  #keyframeAt: number | null = null;
  #charactersSince = 0;
  /** What is to be begun if the transaction changes a row. */
  #due: DueKeyframe | null = null;
  #keyframe: Keyframe | null = null;

  constructor(store: ReplayStore, days: DayClock, events: ReplayEvents) {
    this.#store = store;
    this.#days = days;
    this.#events = events;
  }

  noteChange(change: RowChange): void {
    this.#collector.noteChange(change);
  }

  /** Call in a transaction, before it changes the board. */
  beginChanges(board: Board, now: number): void {
    this.#collector.drain();
    if (!this.#isRead) this.#readNewest();
    this.#due = this.#keyframeBefore(board, now);
  }

  /** Call in the same transaction, after it changed the board. A transaction that changes no row writes nothing. */
  saveChanges(board: Board, now: number): void {
    const rows = this.#collector.drain();
    if (rows.length > 0) this.#startDue(now);
    const before = this.#newest;
    if (before === null || rows.length === 0) return;
    // A clock that was set back must not put changes before those that came earlier.
    const at = Math.max(now, before.lastAt);
    for (const line of encodeLogLines({ at, seq: board.seq, rows }, MAX_LINE_CHARACTERS)) this.#saveLine(line, at, board.seq);
  }

  /** Begins a new chain in a transaction of its own, if the log does not end with this board. */
  beginChain(board: Board, now: number): void {
    this.beginChanges(board, now);
    if (!this.#followsLog(board)) this.#startDue(now);
  }

  /** Call when the memory was read anew, because a transaction failed or the storage was replaced. */
  forgetMemory(): void {
    this.#isRead = false;
    this.#newest = null;
    this.#due = null;
    this.#keyframe = null;
    this.#collector.drain();
  }

  /** Returns the keyframe that is to be written down, once; null = none is. */
  drainKeyframe(): Keyframe | null {
    const keyframe = this.#keyframe;
    this.#keyframe = null;
    return keyframe;
  }

  #saveLine(line: string, at: number, seq: number): void {
    const newest = this.#newest;
    if (newest === null) return;
    const isFull = this.#rowCharacters >= FULL_ROW_CHARACTERS || at - newest.firstAt >= ROW_SPAN_MS;
    if (this.#isRowClosed || isFull) {
      this.#store.packLogRow(newest.id);
      this.#newest = { ...newest, id: newest.id + 1, firstAt: at, lastAt: at, seq };
      this.#rowCharacters = 0;
      this.#store.addLogRow(this.#newest, line, line.length >= FULL_ROW_CHARACTERS);
    } else {
      this.#newest = { ...newest, lastAt: at, seq };
      this.#store.extendLogRow(this.#newest, line);
    }
    this.#isRowClosed = false;
    this.#rowCharacters += line.length;
    this.#charactersSince += line.length;
  }

  /** A row from before a restart gets no more lines. */
  #readNewest(): void {
    this.#newest = this.#store.newestLogRow();
    this.#isRead = true;
    this.#isRowClosed = true;
    this.#keyframeAt = this.#newest === null ? null : this.#store.newestKeyframeAt(this.#newest.chain);
    // How much was logged since the keyframe is not known, and 1 asks for one in time.
    this.#charactersSince = 1;
  }

  #followsLog({ epoch, seq }: Board): boolean {
    return this.#newest !== null && this.#newest.epoch === epoch && this.#newest.seq === seq;
  }

  /** Returns the keyframe that belongs before the next change, and the row with which a new chain begins; null = none. */
  #keyframeBefore(board: Board, now: number): DueKeyframe | null {
    const newest = this.#newest;
    if (newest === null || !this.#followsLog(board)) {
      const at = Math.max(now, newest?.lastAt ?? 0);
      const id = (newest?.id ?? 0) + 1;
      const firstRow = { id, chain: id, epoch: board.epoch, firstAt: at, lastAt: at, seq: board.seq };
      return { firstRow, keyframe: new Keyframe({ chain: id, firstLogRow: id, at, seq: board.seq }, board) };
    }
    const { chain, id, lastAt } = newest;
    // Nothing has changed since `lastAt`, so the first keyframe of a day holds from midnight on.
    const dayFrom = this.#days.dayOf(now).from;
    const isFirstOfDay = this.#keyframeAt !== null && this.#keyframeAt < dayFrom && lastAt < dayFrom;
    if (!isFirstOfDay && !this.#isKeyframeDue(now)) return null;
    const at = isFirstOfDay ? dayFrom : Math.max(now, lastAt);
    return { firstRow: null, keyframe: new Keyframe({ chain, firstLogRow: id + 1, at, seq: board.seq }, board) };
  }

  #isKeyframeDue(now: number): boolean {
    // The process ended before the first keyframe of the chain was stored.
    if (this.#keyframeAt === null) return true;
    if (this.#charactersSince === 0) return false;
    const age = now - this.#keyframeAt;
    if (age >= KEYFRAME_EVERY_MS) return true;
    return this.#charactersSince >= KEYFRAME_EVERY_CHARACTERS && age >= KEYFRAMES_APART_MS;
  }

  #startDue(now: number): void {
    const due = this.#due;
    this.#due = null;
    if (due === null) return;
    this.#isRowClosed = due.firstRow === null;
    if (due.firstRow !== null) {
      this.#newest = due.firstRow;
      this.#rowCharacters = 0;
      this.#store.addLogRow(due.firstRow, "", false);
    }
    this.#keyframe = due.keyframe;
    this.#keyframeAt = now;
    this.#charactersSince = 0;
    this.#events.keyframeDue();
  }
}
