import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { CenterHistory } from "../../core/history/center-history.ts";
import { HistoryTables } from "../../worker/history-tables.ts";
import { MetaTable } from "../../worker/meta-table.ts";
import { Sql } from "../../worker/sql.ts";
import { center, freshInstance } from "./support.ts";

const HOUR = 60 * 60_000;
const at = (iso: string) => Date.parse(iso);

/** Runs on tables that have one row for each of these hours. */
function withHours<Result>(hours: readonly string[], use: (tables: HistoryTables, left: () => string[]) => Result) {
  return runInDurableObject(center(freshInstance()), (_, { storage }) => {
    const sql = new Sql(storage.sql);
    const tables = new HistoryTables(sql, new MetaTable(sql));
    for (const hour of hours) tables.saveAgentHour({ agentId: "ana", hour: at(hour), content: { states: [], seen: [] } });
    const left = () =>
      sql.read<{ hour: number }>("SELECT hour FROM agent_hours ORDER BY hour").map(({ hour }) => new Date(hour).toISOString());
    return use(tables, left);
  });
}

test("DAY-8 The row in which a day begins goes with that day, where days begin at half past an hour of UTC.", async () => {
  // In India 24 November begins at 18:30 of UTC.
  const shared = "2026-11-23T18:00:00.000Z";
  const later = "2026-11-23T19:00:00.000Z";
  await withHours(["2026-11-23T17:00:00.000Z", shared, later], (tables, left) => {
    const history = new CenterHistory(tables, { timeZone: "Asia/Kolkata", historyDays: 7 }, []);
    const firstDay = at("2026-12-01T12:00:00Z");
    expect(history.keptFrom(firstDay)).toBe(at("2026-11-23T18:30:00Z"));
    expect(tables.deleteBefore(history.keptFrom(firstDay), 100)).toBe(true);
    expect(left()).toEqual([shared, later]);
    expect(tables.oldestAt()).toBe(at(shared) + HOUR - 1);
    expect(tables.deleteBefore(history.keptFrom(at("2026-12-02T12:00:00Z")), 100)).toBe(true);
    expect(left()).toEqual([]);
  });
});

test("DAY-8 Where days begin at a full hour, the rows of the day before go at once, some at a time.", async () => {
  const hours = ["2026-11-23T22:00:00.000Z", "2026-11-23T23:00:00.000Z", "2026-11-24T00:00:00.000Z"];
  await withHours(hours, (tables, left) => {
    const midnight = at("2026-11-24T00:00:00Z");
    expect(tables.deleteBefore(midnight, 1)).toBe(false);
    expect(left()).toEqual(hours.slice(1));
    expect(tables.deleteBefore(midnight, 1)).toBe(true);
    expect(left()).toEqual(hours.slice(2));
  });
});
