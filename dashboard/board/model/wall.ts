/** How many cards a wall screen shows at once, and which. Sizes in pixels. */

export interface WallSize {
  width: number;
  height: number;
}

export interface Wall {
  columns: number;
  rows: number;
  pages: number;
}

/** Fits cards of at least `card.width` x `card.height` with `gap` between them. Always at least one. */
export function wallOf(count: number, room: WallSize, card: WallSize, gap: number): Wall {
  const columns = Math.max(1, Math.floor((room.width + gap) / (card.width + gap)));
  const rows = Math.max(1, Math.floor((room.height + gap) / (card.height + gap)));
  return { columns, rows, pages: Math.max(1, Math.ceil(count / (columns * rows))) };
}

/** The page to show at `now` when each stays for `stayMs`. */
export function pageAt(now: number, pages: number, stayMs: number): number {
  return Math.floor(now / stayMs) % pages;
}
