import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListRow } from "../../../dashboard/board/model/rows.ts";
import { pageAt, wallboardPages } from "../../../dashboard/board/model/wallboard.ts";

const METRICS = { card: { width: 300, height: 100 }, heading: 30, gap: 10 };

/** Rows of groups with so many agents each. */
function rowsOf(...groups: number[]): ListRow[] {
  let position = 0;
  return groups.flatMap((count, group) => [
    { kind: "group" as const, key: `g${group}`, count },
    ...Array.from({ length: count }, () => ({ kind: "agent" as const, agentId: `a${position}`, position: ++position })),
  ]);
}

function agentsOnly(count: number): ListRow[] {
  return rowsOf(count).filter((row) => row.kind === "agent");
}

function names(page: readonly ListRow[] | undefined): string[] | undefined {
  return page?.map((row) => (row.kind === "group" ? row.key : row.agentId));
}

describe("The wallboard", () => {
  it("shows as many cards as fit on a page, and at least one.", () => {
    const result = wallboardPages(agentsOnly(19), { width: 1000, height: 500 }, METRICS);
    expect([result.columns, result.pages.map((page) => page.length)]).toEqual([3, [12, 7]]);
    expect(wallboardPages(agentsOnly(2), { width: 10, height: 10 }, METRICS).pages.map(names)).toEqual([["a0"], ["a1"]]);
    expect(wallboardPages([], { width: 10, height: 10 }, METRICS)).toEqual({ columns: 1, pages: [[]] });
  });

  it("begins a line for each group, and repeats its name on the next page.", () => {
    const { pages } = wallboardPages(rowsOf(1, 4), { width: 620, height: 240 }, METRICS);
    expect(pages.map(names)).toEqual([
      ["g0", "a0"],
      ["g1", "a1", "a2"],
      ["g1", "a3", "a4"],
    ]);
    expect(wallboardPages(rowsOf(1, 4), { width: 620, height: 290 }, METRICS).pages.map(names)).toEqual([
      ["g0", "a0", "g1", "a1", "a2"],
      ["g1", "a3", "a4"],
    ]);
  });

  it("shows one page after the other, and then the first one again.", () => {
    expect([0, 15_000, 30_000].map((now) => pageAt(now, 2, 15_000))).toEqual([0, 1, 0]);
  });

  it("shows each agent once, under its own group, and nothing below its edge.", () => {
    const areas = fc.record({ width: fc.integer({ min: 300, max: 2000 }), height: fc.integer({ min: 140, max: 1200 }) });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), areas, (groups, area) => {
        const rows = rowsOf(...groups);
        const { columns, pages } = wallboardPages(rows, area, METRICS);
        const seen: ListRow[] = [];
        for (const page of pages) {
          let height = -METRICS.gap;
          let inLine = columns;
          for (const row of page) {
            if (row.kind === "group") height += METRICS.heading + METRICS.gap;
            else if (inLine === columns) height += METRICS.card.height + METRICS.gap;
            inLine = row.kind === "group" ? columns : (inLine % columns) + 1;
            if (row.kind === "agent" || !seen.includes(row)) seen.push(row);
          }
          expect(height).toBeLessThanOrEqual(area.height);
          expect(rows.length === 0 || page[0]?.kind === "group").toBe(true);
          expect(page.at(-1)?.kind).not.toBe("group");
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
