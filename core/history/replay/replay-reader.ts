import type { CollectionDefinition, RowFields } from "../../board/collection.ts";
import type { KeyframePlace } from "./keyframe.ts";
import { type LogLine, parseLoggedRows, parseLogLines } from "./log-line.ts";
import { PastBoard } from "./past-board.ts";

/** A row of the log as it is kept. */
export interface LogRow {
  id: number;
  chain: number;
  /** When its first change happened, epoch ms. */
  firstAt: number;
  lines: string;
}

/**
 * What became of a row that was read. `applied`: ask for the next one. `reached`: the row, or the rest of it, is of a later time.
 * `gap`: the board after it does not follow from the board before it.
 */
export type ReadProgress = "applied" | "reached" | "gap";

/** Rebuilds a board from a keyframe, and the rows of the log from {@link nextLogRow} on. */
export class ReplayReader {
  readonly board: PastBoard;
  readonly #chain: number;
  #nextLogRow: number;
  /** How many lines of the next row are applied. */
  #linesApplied = 0;
  /** How many rows and lines could not be read. */
  unreadable = 0;

  constructor(definitions: readonly CollectionDefinition<RowFields>[], { chain, firstLogRow }: KeyframePlace) {
    this.board = new PastBoard(definitions);
    this.#chain = chain;
    this.#nextLogRow = firstLogRow;
  }

  /** The id of the row to be read next. */
  get nextLogRow(): number {
    return this.#nextLogRow;
  }

  /** Applies whole lines of the keyframe's text. */
  applyKeyframe(text: string): void {
    const { lines, unreadable } = parseLoggedRows(text);
    this.unreadable += unreadable;
    for (const row of lines) this.board.applyRow(row);
  }

  /**
   * Applies the lines of a row up to `until` (epoch ms).
   * @param applyLine does it instead, for whoever needs to know what changed
   */
  applyLogRow(row: LogRow, until: number, applyLine = (line: LogLine) => this.#applyLine(line)): ReadProgress {
    if (row.firstAt > until) return "reached";
    if (row.id !== this.#nextLogRow || row.chain !== this.#chain) return "gap";
    const { lines, unreadable } = parseLogLines(row.lines);
    for (const line of lines.slice(this.#linesApplied)) {
      if (line.at > until) return "reached";
      applyLine(line);
      this.#linesApplied += 1;
    }
    this.unreadable += unreadable;
    this.#nextLogRow = row.id + 1;
    this.#linesApplied = 0;
    return "applied";
  }

  #applyLine({ rows }: LogLine): void {
    for (const row of rows) this.board.applyRow(row);
  }
}
