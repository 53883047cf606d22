import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ReplayTables } from "../../../worker/replay/replay-tables.ts";
import { StoredReplay } from "../../../worker/replay/stored-replay.ts";
import { Sql } from "../../../worker/sql.ts";
import { center, freshInstance } from "../support.ts";

const DAY = 24 * 60 * 60_000;
const NOON = Date.UTC(2026, 10, 20, 12);

/** Fills a log with `days` days of `rows` rows and one keyframe each, the newest today. Returns what runs on it. */
function withLog<Result>(days: number, rows: number, use: (tables: ReplayTables, sql: Sql) => Result): Promise<Result> {
  return runInDurableObject(center(freshInstance()), (_, { storage }) => {
    const sql = new Sql(storage.sql);
    const tables = new ReplayTables(sql);
    tables.deleteAll();
    for (let day = 0; day < days; day += 1) {
      const at = NOON - (days - 1 - day) * DAY;
      for (let row = 0; row < rows; row += 1) {
        const id = day * rows + row + 1;
        const place = { id, chain: 1, epoch: "e", firstAt: at + row, lastAt: at + row, seq: id };
        tables.addLogRow(place, `[${at + row},${id},[]]\n`, false);
      }
      tables.saveKeyframePart({ chain: 1, firstLogRow: day * rows + 1, at, seq: day * rows }, 0, new ArrayBuffer(1));
    }
    return use(tables, sql);
  });
}

function counts(sql: Sql): number[] {
  return ["replay_log", "replay_keyframes"].map(
    (table) => sql.read<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? -1,
  );
}

function replayOf(tables: ReplayTables, historyDays: number, timeZone = "UTC"): StoredReplay {
  return new StoredReplay(tables, historyDays, timeZone, (change) => change());
}

describe("The days that are kept", () => {
  it("HIS-8 Days before the kept ones are deleted from the storage, and today and the days before it stay.", async () => {
    const left = await withLog(10, 3, (tables, sql) => {
      replayOf(tables, 7).deleteOld(NOON);
      return [counts(sql), tables.oldestAt()];
    });
    expect(left).toEqual([[24, 8], NOON - 7 * DAY]);
  });

  it("HIS-8 One run deletes a bounded number of rows, and asks for the next.", async () => {
    const steps = await withLog(2, 800, (tables, sql) => {
      const replay = replayOf(tables, 1);
      const later = NOON + DAY;
      const seen: unknown[] = [];
      for (let run = 0; run < 3; run += 1) {
        seen.push([counts(sql)[0], (replay.nextDeletion(later) ?? 0) - later]);
        replay.deleteOld(later);
      }
      return seen;
    });
    expect(steps).toEqual([
      [1600, 10_000],
      [1100, 10_000],
      [800, DAY / 2],
    ]);
  });

  it("HIS-8 With 0 days nothing is kept, and what is there is deleted.", async () => {
    const left = await withLog(2, 3, (tables, sql) => {
      const replay = replayOf(tables, 0);
      replay.deleteOld(NOON);
      return [counts(sql), replay.nextDeletion(NOON)];
    });
    expect(left).toEqual([[0, 0], null]);
  });

  it("HIS-8 Days begin at midnight in the time zone of the settings.", async () => {
    const from = await withLog(1, 1, (tables) => replayOf(tables, 7, "America/Mexico_City").keptFrom(NOON));
    expect(new Date(from).toISOString()).toBe("2026-11-13T06:00:00.000Z");
  });
});
