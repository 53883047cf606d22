import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListRow } from "../../../dashboard/board/model/rows.ts";
import { PageTurner, unitOf, wallboardPages } from "../../../dashboard/board/model/wallboard.ts";

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
    const turner = new PageTurner();
    const at = (seconds: number, pages = 2, held = false) => turner.pageAt(seconds * 1000, pages, 15_000, held);
    expect([0, 14, 15, 15, 29, 30].map((seconds) => at(seconds))).toEqual([0, 0, 1, 1, 1, 0]);
  });

  it("stays on its page when the number of pages changes, and begins anew when its page is gone.", () => {
    const turner = new PageTurner();
    const at = (seconds: number, pages: number) => turner.pageAt(seconds * 1000, pages, 15_000, false);
    expect([at(0, 3), at(15, 3), at(16, 4), at(17, 2), at(18, 1), at(20, 3), at(33, 3)]).toEqual([0, 1, 1, 1, 0, 0, 1]);
    expect(at(40, 0)).toBe(0);
  });

  it("keeps a held page, and gives it its whole time again afterwards.", () => {
    const turner = new PageTurner();
    const at = (seconds: number, held: boolean) => turner.pageAt(seconds * 1000, 2, 15_000, held);
    expect([at(0, false), at(10, true), at(1000, true), at(1014, false), at(1015, false)]).toEqual([0, 0, 0, 0, 1]);
  });

  it("turns on when the clock of the hub was set back.", () => {
    const turner = new PageTurner();
    expect([100, 5, 20].map((seconds) => turner.pageAt(seconds * 1000, 2, 15_000, false))).toEqual([0, 0, 1]);
  });

  it("has the same picture at 1080p, 4K and upright, and letters of 13 pixels on the smallest screen.", () => {
    expect(unitOf({ width: 1920, height: 1080 })).toBe(1);
    expect(unitOf({ width: 3840, height: 2160 })).toBe(2);
    expect(unitOf({ width: 1080, height: 1920 })).toBe(1);
    expect(unitOf({ width: 320, height: 480 }) * 22).toBeCloseTo(13.2);
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
