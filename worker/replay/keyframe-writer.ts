import type { Keyframe, KeyframePlace } from "../../core/history/replay/keyframe.ts";
import { log } from "../log.ts";
import { gzip } from "./gzip.ts";
import { nextEvent } from "./next-event.ts";

/** Far below the 2 MB that a row may have, and written in a few ms. */
const PART_BYTES = 256 * 1024;

/** Nobody waits for a keyframe, so posts get most of the time. */
const PAUSE_MS = 10;

/** Writes keyframes down between posts: a step of the text, or a part, at a time. */
export class KeyframeWriter {
  readonly #drainKeyframe: () => Keyframe | null;
  readonly #savePart: (place: KeyframePlace, part: number, rows: ArrayBuffer) => void;
  #isWriting = false;
  /** Rises when what is being written must not be stored any more. */
  #generation = 0;

  /** @param savePart stores a part in a transaction of its own. It throws when the storage does not take it. */
  constructor(drainKeyframe: () => Keyframe | null, savePart: (place: KeyframePlace, part: number, rows: ArrayBuffer) => void) {
    this.#drainKeyframe = drainKeyframe;
    this.#savePart = savePart;
  }

  /** Writes the keyframe that is due, after the current event. */
  schedule(): void {
    setTimeout(() => void this.#writeAll(), 0);
  }

  /** Gives up what is being written: the storage was replaced. */
  abandon(): void {
    this.#generation += 1;
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (let due = this.#drainKeyframe(); due !== null; due = this.#drainKeyframe()) await this.#write(due);
    } catch {
      // The cause is in the log already. The next keyframe comes in minutes, and the log since the last one goes on.
      log("keyframe_not_stored", {});
    } finally {
      this.#isWriting = false;
    }
  }

  async #write(keyframe: Keyframe): Promise<void> {
    const generation = this.#generation;
    const bytes = await gzip(keyframe.texts(), () => nextEvent(PAUSE_MS));
    // Part 0 comes last: it says that the keyframe is whole.
    for (let part = Math.ceil(bytes.byteLength / PART_BYTES) - 1; part >= 0; part -= 1) {
      const rows = bytes.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
      await nextEvent();
      if (generation !== this.#generation) return;
      this.#savePart(keyframe.place, part, rows);
    }
  }
}
