import type { ListRow } from "./rows.ts";

/** Pixels of each kind of row. styles/table.css has the same heights. */
export interface RowHeights {
  readonly agent: number;
  readonly group: number;
}

/** Rows from `first` up to and with `last`, by their places. Without any row `last` is below `first`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Returns where each row begins, in pixels from the first one, and at last where the list ends. */
export function rowTops(rows: readonly ListRow[], heights: RowHeights): readonly number[] {
  const tops = [0];
  let top = 0;
  for (const { kind } of rows) {
    top += heights[kind];
    tops.push(top);
  }
  return tops;
}

/** Returns the rows of which something lies between two places, in pixels from the beginning of the first row. */
export function rowsBetween(tops: readonly number[], from: number, to: number): RowRange {
  return { first: rowAt(tops, from), last: to <= 0 ? -1 : rowAt(tops, to - 1) };
}

/** Returns the rows of which more than half lies between two places. */
export function rowsInSight(tops: readonly number[], from: number, to: number): RowRange {
  const { first, last } = rowsBetween(tops, from, to);
  const middle = (row: number) => ((tops[row] ?? 0) + (tops[row + 1] ?? 0)) / 2;
  return { first: middle(first) < from ? first + 1 : first, last: last >= 0 && middle(last) > to ? last - 1 : last };
}

/**
 * Returns the places of the rows that the page has: those of `range`, and those that `keeps` asks for, for example because one of
 * them has the focus.
 */
export function placesInPage(rows: readonly ListRow[], range: RowRange, keeps: (row: ListRow) => boolean): number[] {
  const places: number[] = [];
  for (const [place, row] of rows.entries()) {
    if ((place >= range.first && place <= range.last) || keeps(row)) places.push(place);
  }
  return places;
}

export function rowKey(row: ListRow): string {
  return row.kind === "group" ? `group ${row.key}` : `agent ${row.agentId}`;
}

/** Returns the row that has the pixel; the nearest one outside the list. */
function rowAt(tops: readonly number[], place: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
