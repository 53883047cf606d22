import { type Frames, frames } from "./audio-units.ts";
import type { Span } from "./spans.ts";

/** Where the blocks of one channel were placed. */
export class TrackJoints {
  /** The end of the last block. null before the first. */
  end: Frames | null;
  /** By the time of a block, in order of time. A repeated block takes the same place. */
  readonly #places = new Map<number, Span>();

  constructor(end: Frames | null) {
    this.end = end;
  }

  /** Returns the first frame of a block whose time says `nominal`, behind a block that ended at `before`. */
  placeOf(timeMs: number, nominal: number, before: number | null, tick: number): number {
    const known = this.#places.get(timeMs);
    if (known !== undefined) return known.from;
    return before !== null && Math.abs(nominal - before) <= tick ? before : nominal;
  }

  keepPlace(timeMs: number, { from, to }: Span): void {
    this.#places.set(timeMs, { from, to });
    this.end = frames(Math.max(this.end ?? to, to));
  }

  /** Forgets blocks that ended before this position. A repetition of them has nothing to fill. */
  forgetBefore(position: number): void {
    for (const [timeMs, { to }] of this.#places) {
      if (to >= position) return;
      this.#places.delete(timeMs);
    }
  }
}
