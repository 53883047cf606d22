import type { Keyframe, KeyframePlace } from "../../../../core/history/replay/keyframe.ts";
import type { NewestLogRow, ReplayStore } from "../../../../core/history/replay/ports.ts";

interface KeptKeyframe {
  place: KeyframePlace;
  text: string;
}

/** Keeps the log in memory, as the storage of the hub does on disk. */
export class MemoryReplayStore implements ReplayStore {
  rows: (NewestLogRow & { lines: string })[] = [];
  keyframes: KeptKeyframe[] = [];

  newestLogRow(): NewestLogRow | null {
    const newest = this.rows.at(-1);
    if (newest === undefined) return null;
    const { lines: _, ...row } = newest;
    return row;
  }

  addLogRow(row: NewestLogRow, lines: string): void {
    this.rows.push({ ...row, lines });
  }

  extendLogRow(row: NewestLogRow, lines: string): void {
    const newest = this.rows.pop();
    if (newest?.id !== row.id) throw new Error("Only the newest row of the log is extended.");
    this.rows.push({ ...row, lines: newest.lines + lines });
  }

  packLogRow(): void {}

  newestKeyframeAt(chain: number): number | null {
    return this.keyframes.findLast(({ place }) => place.chain === chain)?.place.at ?? null;
  }

  saveKeyframe(keyframe: Keyframe): void {
    this.keyframes.push({ place: keyframe.place, text: [...keyframe.texts()].join("") });
  }

  /** Deletes what is of before `at`, as the upkeep of the hub does. */
  deleteBefore(at: number): void {
    this.rows = this.rows.filter(({ lastAt }) => lastAt >= at);
    this.keyframes = this.keyframes.filter(({ place }) => place.at >= at);
  }
}
