/** The newest row of the log. */
export interface NewestLogRow {
  id: number;
  /** The id of the row with which the unbroken part of the log began that this row belongs to. */
  chain: number;
  epoch: string;
  /** When the first and the last change of the row happened, epoch ms. */
  firstAt: number;
  lastAt: number;
  /** The newest seq of the board after the last change. */
  seq: number;
}

/** Where the log is kept. Every call is synchronous and part of the caller's transaction. */
export interface ReplayStore {
  /** null = the log is empty. */
  newestLogRow(): NewestLogRow | null;
  /** @param isFull whether the row gets no more lines */
  addLogRow(row: NewestLogRow, lines: string, isFull: boolean): void;
  /** Adds lines to the newest row. */
  extendLogRow(row: NewestLogRow, lines: string): void;
  /** Compresses a row that gets no more lines, unless it is compressed. */
  packLogRow(id: number): void;
  /** When the newest keyframe of a chain was made, epoch ms; null = the chain has none. */
  newestKeyframeAt(chain: number): number | null;
}
