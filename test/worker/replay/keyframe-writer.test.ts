import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { GroupView } from "../../../core/board/group-view.ts";
import { Keyframe, type KeyframePlace } from "../../../core/history/replay/keyframe.ts";
import { AGENTS } from "../../../core/state/agent-row.ts";
import { KeyframeWriter } from "../../../worker/replay/keyframe-writer.ts";
import { PastBoards } from "../../../worker/replay/past-boards.ts";
import { ReplayTables } from "../../../worker/replay/replay-tables.ts";
import { StoredReplay } from "../../../worker/replay/stored-replay.ts";
import { Sql } from "../../../worker/sql.ts";
import { center, freshInstance } from "../support.ts";

const DAY = 24 * 60 * 60_000;

/** A text that no compression makes smaller. */
function noise(characters: number): string {
  let text = "";
  while (text.length < characters) text += crypto.randomUUID();
  return text;
}

/** A board of agents whose rows are larger than a part of a keyframe together. */
function largeBoard(agents: number, characters: number): Board {
  const board = new Board("e");
  const rows = board.addCollection(AGENTS);
  for (let index = 0; index < agents; index += 1) {
    const row = AGENTS.parse({ agentId: `a${index}`, name: noise(characters) });
    if (row !== null) rows.change(row.agentId, row);
  }
  return board;
}

function keyframeOf(board: Board, at: number): Keyframe {
  return new Keyframe({ chain: 1, firstLogRow: 1, at, seq: board.seq }, board);
}

/** Gives out each keyframe once, as the log does. */
function drainFrom(keyframes: Keyframe[]): () => Keyframe | null {
  return () => keyframes.shift() ?? null;
}

/** A busy machine keeps timers waiting longer than the second that a poll has by default. */
const PATIENCE = { timeout: 20_000 };

describe("The writer of keyframes", () => {
  it("HIS-1 A board that takes several parts of a keyframe is rebuilt whole.", async () => {
    const at = Date.now();
    const board = largeBoard(6, 200_000);
    const { parts, agents } = await runInDurableObject(center(freshInstance()), async (_, { storage }) => {
      const tables = new ReplayTables(new Sql(storage.sql));
      tables.deleteAll();
      const saved: number[] = [];
      const writer = new KeyframeWriter(drainFrom([keyframeOf(board, at)]), (place, part, rows) => {
        tables.saveKeyframePart(place, part, rows);
        saved.push(part);
      });
      writer.schedule();
      await expect.poll(() => saved.includes(0), PATIENCE).toBe(true);
      const past = await new PastBoards(tables, new GroupView(null)).boardAt(at, { at });
      return { parts: saved, agents: past?.match(/"agentId":"a\d"/g) };
    });
    // Part 0 is last, because it says that the others are there.
    expect(parts).toEqual([2, 1, 0]);
    expect(agents).toHaveLength(6);
  });

  it("HIS-6 A keyframe that is being written when the log is forgotten is not stored, and the next one is.", async () => {
    const keyframes = [1, 2].map((at) => keyframeOf(largeBoard(3, 20_000), at));
    const saved: KeyframePlace[] = [];
    const drain = () => {
      if (keyframes.length === 2) setTimeout(() => writer.abandon(), 0);
      return keyframes.shift() ?? null;
    };
    const writer = new KeyframeWriter(drain, (place) => saved.push(place));
    writer.schedule();
    await expect.poll(() => saved.length, PATIENCE).toBeGreaterThan(0);
    expect(saved.map(({ at }) => at)).toEqual([2]);
  });

  it("HIS-9 A keyframe that cannot be stored does not hold up those that follow.", async () => {
    const keyframes = [keyframeOf(largeBoard(1, 10), 1)];
    const saved: number[] = [];
    const writer = new KeyframeWriter(drainFrom(keyframes), ({ at }) => {
      saved.push(at);
      if (at === 1) throw new Error("The storage is full.");
    });
    writer.schedule();
    await expect.poll(() => saved, PATIENCE).toEqual([1]);
    keyframes.push(keyframeOf(largeBoard(1, 10), 2));
    await expect
      .poll(() => {
        writer.schedule();
        return saved;
      }, PATIENCE)
      .toEqual([1, 2]);
  });

  it("HIS-8 A keyframe of a day that is no longer kept is not stored, because nobody would delete it.", async () => {
    const stored = await runInDurableObject(center(freshInstance()), async (_, { storage }) => {
      const tables = new ReplayTables(new Sql(storage.sql));
      tables.deleteAll();
      const beginAt = async (at: number) => {
        new StoredReplay(tables, 7, "UTC", (change) => change()).beginChain(largeBoard(1, 10), at);
      };
      await beginAt(Date.now() - 9 * DAY);
      tables.deleteAll();
      await beginAt(Date.now());
      await expect.poll(() => tables.oldestKeyframeAt(), PATIENCE).not.toBeNull();
      return tables.oldestKeyframeAt();
    });
    expect(stored).toBeGreaterThan(Date.now() - DAY);
  });
});
