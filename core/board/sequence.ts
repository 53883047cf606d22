/** The numbers of one board's changes. All its collections share them. */
export class Sequence {
  #newest: number;
  #oldestResumable: number;

  constructor(newest = 0, oldestResumable = 0) {
    this.#newest = newest;
    this.#oldestResumable = oldestResumable;
  }

  /** The number of the newest change. */
  get newest(): number {
    return this.#newest;
  }

  /** The board knows every change after this one. Tombstones from before it are deleted. */
  get oldestResumable(): number {
    return this.#oldestResumable;
  }

  /** Returns the number for the next change. */
  next(): number {
    this.#newest += 1;
    return this.#newest;
  }

  /** Moves to at least `newest`. Rows from storage and feeds bring their own numbers. */
  advanceTo(newest: number): void {
    this.#newest = Math.max(this.#newest, newest);
  }

  /** Gives up every position before `seq`. */
  raiseOldestResumable(seq: number): void {
    this.#oldestResumable = Math.max(this.#oldestResumable, seq);
  }
}
