import { describe, expect, it } from "vitest";
import { placesInPage, rowsBetween, rowsInSight, rowTops } from "../../../dashboard/board/model/row-window.ts";
import type { ListRow } from "../../../dashboard/board/model/rows.ts";

const HEIGHTS = { agent: 48, group: 32 };
const rows: ListRow[] = [
  { kind: "group", key: "Ventas", count: 2 },
  { kind: "agent", agentId: "a", position: 1 },
  { kind: "agent", agentId: "b", position: 2 },
  { kind: "group", key: "Soporte", count: 1 },
  { kind: "agent", agentId: "c", position: 3 },
];
const tops = rowTops(rows, HEIGHTS);

describe("The window of rows", () => {
  it("begins each row where the ones before it end, whatever their kinds.", () => {
    expect(tops).toEqual([0, 32, 80, 128, 160, 208]);
    expect(rowTops([], HEIGHTS)).toEqual([0]);
  });

  it("has every row of which a pixel is in sight, and no other.", () => {
    expect(rowsBetween(tops, 0, 32)).toEqual({ first: 0, last: 0 });
    expect(rowsBetween(tops, 31, 33)).toEqual({ first: 0, last: 1 });
    expect(rowsBetween(tops, 80, 160)).toEqual({ first: 2, last: 3 });
    expect(rowsBetween(tops, 500, 900)).toEqual({ first: 4, last: 4 });
  });

  it("has no row while the list is below what can be seen.", () => {
    expect(placesInPage(rows, rowsBetween(tops, 0, -40), () => false)).toEqual([]);
    expect(placesInPage([], rowsBetween([0], 0, 400), () => false)).toEqual([]);
  });

  it("counts a row as seen when more than half of it is in sight.", () => {
    expect(rowsInSight(tops, 60, 150)).toEqual({ first: 2, last: 3 });
    expect(rowsInSight(tops, 50, 140)).toEqual({ first: 1, last: 2 });
  });

  it("keeps a row out of sight that is asked for, in its place.", () => {
    expect(placesInPage(rows, { first: 0, last: 1 }, (row) => row.kind === "agent" && row.agentId === "c")).toEqual([0, 1, 4]);
  });
});
