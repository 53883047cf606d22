import type { ListRow } from "./rows.ts";

/** The pages of the wallboard. Sizes are in pixels. */

export interface PixelSize {
  width: number;
  height: number;
}

export interface CardMetrics {
  /** The smallest size of a card. */
  card: PixelSize;
  /** The height of a group's heading. */
  heading: number;
  /** The space between cards, and between lines. */
  gap: number;
}

export interface WallboardPages {
  columns: number;
  /** At least one. A group that continues on the next page has its heading there too. No page ends with a heading. */
  pages: readonly (readonly ListRow[])[];
}

/** Puts as many cards on a page as fit into `area`, at least one. Each group begins a line. */
export function wallboardPages(rows: readonly ListRow[], area: PixelSize, { card, heading, gap }: CardMetrics): WallboardPages {
  const columns = Math.max(1, Math.floor((area.width + gap) / (card.width + gap)));
  let page: ListRow[] = [];
  const pages = [page];
  let left = area.height + gap;
  let inLine = columns;
  let group: ListRow | null = null;
  let announced = true;
  for (const row of rows) {
    if (row.kind === "group") {
      group = row;
      announced = false;
      inLine = columns;
      continue;
    }
    if (inLine === columns) {
      const height = card.height + gap + (announced ? 0 : heading + gap);
      if (height > left && page.length > 0) {
        page = [];
        pages.push(page);
        left = area.height + gap;
        announced = group === null;
      }
      if (group !== null && !announced) {
        page.push(group);
        left -= heading + gap;
        announced = true;
      }
      left -= card.height + gap;
      inLine = 0;
    }
    page.push(row);
    inLine += 1;
  }
  return { columns, pages };
}

/**
 * Returns the first `cards` that fit into the upper half of the area, at least one line, and the height that they take. The other
 * half is for the pages.
 */
export function pinnedArea<Card>(
  cards: readonly Card[],
  area: PixelSize,
  { card, gap }: CardMetrics,
): { shown: readonly Card[]; height: number } {
  const columns = Math.max(1, Math.floor((area.width + gap) / (card.width + gap)));
  const line = card.height + gap;
  const lines = Math.max(1, Math.floor((area.height + gap) / line / 2));
  const shown = cards.slice(0, lines * columns);
  return { shown, height: Math.ceil(shown.length / columns) * line };
}

/** The number of the page to show at `now`, when each page stays for `stayMs`. */
export function pageAt(now: number, pages: number, stayMs: number): number {
  return Math.floor(now / stayMs) % pages;
}
