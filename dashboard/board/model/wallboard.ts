import type { BoardRow } from "./rows.ts";

/** What a wall screen shows at once, page by page. Sizes in pixels. */

export interface WallSize {
  width: number;
  height: number;
}

export interface WallParts {
  /** The least a card takes. */
  card: WallSize;
  /** The height of a group's heading. */
  heading: number;
  /** Between all of them. */
  gap: number;
}

export interface Wall {
  columns: number;
  /** Never none. A group that goes on on the next page has its heading there too, and none stands alone at an end. */
  pages: readonly (readonly BoardRow[])[];
}

/** Fits as many cards as the room has place for, at least one; each group begins a line. */
export function wallOf(rows: readonly BoardRow[], room: WallSize, { card, heading, gap }: WallParts): Wall {
  const columns = Math.max(1, Math.floor((room.width + gap) / (card.width + gap)));
  let page: BoardRow[] = [];
  const pages = [page];
  let left = room.height + gap;
  let inLine = columns;
  let group: BoardRow | null = null;
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
        left = room.height + gap;
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

/** The page to show at `now` when each stays for `stayMs`. */
export function pageAt(now: number, pages: number, stayMs: number): number {
  return Math.floor(now / stayMs) % pages;
}
