import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BoardRow } from "../../../dashboard/board/model/rows.ts";
import { wallOf } from "../../../dashboard/board/model/wallboard.ts";

const PARTS = { card: { width: 300, height: 100 }, heading: 30, gap: 10 };

/** One agent after the other, or groups of so many. */
function rowsOf(...groups: number[]): BoardRow[] {
  let position = 0;
  return groups.flatMap((count, group) => [
    { kind: "group" as const, key: `g${group}`, count },
    ...Array.from({ length: count }, () => ({ kind: "agent" as const, agentId: `a${position}`, position: ++position })),
  ]);
}

function agentsOnly(count: number): BoardRow[] {
  return rowsOf(count).filter((row) => row.kind === "agent");
}

function names(page: readonly BoardRow[] | undefined): string[] | undefined {
  return page?.map((row) => (row.kind === "group" ? row.key : row.agentId));
}

describe("a wall screen", () => {
  it("takes what fits on it, and at least one card", () => {
    const wall = wallOf(agentsOnly(19), { width: 1000, height: 500 }, PARTS);
    expect([wall.columns, wall.pages.map((page) => page.length)]).toEqual([3, [12, 7]]);
    expect(wallOf(agentsOnly(2), { width: 10, height: 10 }, PARTS).pages.map(names)).toEqual([["a0"], ["a1"]]);
    expect(wallOf([], { width: 10, height: 10 }, PARTS)).toEqual({ columns: 1, pages: [[]] });
  });

  it("begins a line for each group and says its name again where it goes on", () => {
    const { pages } = wallOf(rowsOf(1, 4), { width: 620, height: 240 }, PARTS);
    expect(pages.map(names)).toEqual([
      ["g0", "a0"],
      ["g1", "a1", "a2"],
      ["g1", "a3", "a4"],
    ]);
    expect(wallOf(rowsOf(1, 4), { width: 620, height: 290 }, PARTS).pages.map(names)).toEqual([
      ["g0", "a0", "g1", "a1", "a2"],
      ["g1", "a3", "a4"],
    ]);
  });

  it("shows everybody once, under their own group, and nothing below its edge", () => {
    const rooms = fc.record({ width: fc.integer({ min: 300, max: 2000 }), height: fc.integer({ min: 140, max: 1200 }) });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), rooms, (groups, room) => {
        const rows = rowsOf(...groups);
        const { columns, pages } = wallOf(rows, room, PARTS);
        const seen: BoardRow[] = [];
        for (const page of pages) {
          let height = -PARTS.gap;
          let inLine = columns;
          for (const row of page) {
            if (row.kind === "group") height += PARTS.heading + PARTS.gap;
            else if (inLine === columns) height += PARTS.card.height + PARTS.gap;
            inLine = row.kind === "group" ? columns : (inLine % columns) + 1;
            if (row.kind === "agent" || !seen.includes(row)) seen.push(row);
          }
          expect(height).toBeLessThanOrEqual(room.height);
          expect(rows.length === 0 || page[0]?.kind === "group").toBe(true);
          expect(page.at(-1)?.kind).not.toBe("group");
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
