import type { Board } from "../../board/board.ts";
import type { RowFields } from "../../board/collection.ts";
import { encodeLoggedRow } from "./log-line.ts";

/** A step ends once it has so much text. To write and to compress that takes a millisecond or two, also where rows are large. */
const CHARACTERS_PER_STEP = 12 * 1024;

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

  /** Returns the keyframe as text in pieces of whole lines, one row a line. Each piece is a short step. */
  *texts(): Generator<string> {
    let text = "";
    for (const row of this.#rows) {
      text += `${encodeLoggedRow(row)}\n`;
      if (text.length < CHARACTERS_PER_STEP) continue;
      yield text;
      text = "";
    }
    if (text !== "") yield text;
  }
}
