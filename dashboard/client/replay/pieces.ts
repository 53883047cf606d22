import type { PastPiece } from "./piece.ts";

/** So many pieces at most: one behind, the one that is shown, and those ahead. The memory has a bound so. */
const MOST = 4;

/** The stretches of the past that are loaded. */
export class Pieces {
  #all: PastPiece[] = [];

  get count(): number {
    return this.#all.length;
  }

  /** Adds a piece, and drops those that lie far from `at`. */
  add(piece: PastPiece, at: number): void {
    const others = this.#all.filter((each) => each.from !== piece.from || each.to > piece.to);
    const distance = ({ from, to }: PastPiece) => (at < from ? from - at : at > to ? at - to : 0);
    this.#all = [piece, ...others].sort((a, b) => distance(a) - distance(b)).slice(0, MOST);
  }

  /** Returns the piece that has the board of the moment, the one that goes on longest. */
  pieceOf(at: number): PastPiece | null {
    let found: PastPiece | null = null;
    for (const each of this.#all) if (each.from <= at && at <= each.to && (found === null || each.to > found.to)) found = each;
    return found;
  }

  /** Returns until when the board is known without a gap from `at` on; null = not even then. */
  knownUntil(at: number): number | null {
    let end: number | null = null;
    for (let piece = this.pieceOf(at); piece !== null && piece.to !== end; piece = this.pieceOf(piece.to)) end = piece.to;
    return end;
  }
}
