import type { Board } from "../../board/board.ts";
import type { RowFields } from "../../board/collection.ts";
import { encodeLoggedRow } from "./log-line.ts";

/** Rows that are written as text and compressed in one step: some 15 kB, a few ms. */
const ROWS_PER_STEP = 25;

/** What a keyframe is of: the board after `seq`. The changes after it begin in the row `firstLogRow` of the log. */
export interface KeyframePlace {
  chain: number;
  firstLogRow: number;
  /** Epoch ms. The keyframe holds from then on. */
  at: number;
  seq: number;
}

/**
 * A whole board that is being written down. Rows never change (a change replaces them), so the list of them is the board of its
 * moment, and can be written later, a step at a time.
 */
export class Keyframe {
  readonly place: KeyframePlace;
  readonly #rows: { collection: string; key: string; fields: RowFields }[] = [];

  constructor(place: KeyframePlace, board: Board) {
    this.place = place;
    for (const collection of board.collections) {
      const { name, isListed } = collection.definition;
      for (const { key, value } of collection.rows()) {
        if (value !== null && (isListed === undefined || isListed(value, place.at)))
          this.#rows.push({ collection: name, key, fields: value });
      }
    }
  }

  /** Returns the keyframe as text in pieces, one row a line. Each piece is a short step. */
  *texts(): Generator<string> {
    for (let start = 0; start < this.#rows.length; start += ROWS_PER_STEP) {
      const rows = this.#rows.slice(start, start + ROWS_PER_STEP);
      yield rows.map((row) => `${encodeLoggedRow(row)}\n`).join("");
    }
  }
}
