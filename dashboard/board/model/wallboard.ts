import type { ListRow } from "./rows.ts";

/** What fits on the wallboard, and its pages. */

export interface PixelSize {
  width: number;
  height: number;
}

/** The design of the wallboard is drawn for a screen whose shorter side has so many units. */
const DESIGN_UNITS = 1080;
/** Below this, the smallest words (22 units) would have less than 13 pixels, which nobody reads even at a desk. */
const SMALLEST_UNIT_PX = 0.6;

/**
 * The pixels of one unit. All sizes of the wallboard are in units, so a screen shows the same at 1080p and at 4K. The smallest
 * words have 22 units. On a screen of 55 inches their capitals are 10 mm high: 7 arc minutes from 5 m, and normal eyes need 5.
 */
export function unitOf({ width, height }: PixelSize): number {
  return Math.max(SMALLEST_UNIT_PX, Math.min(width, height) / DESIGN_UNITS);
}

/** Sizes in pixels, or in units before {@link scaled}. */
export interface CardMetrics {
  /** The smallest size of a card. */
  card: PixelSize;
  /** The height of a group's heading. */
  heading: number;
  /** The space between cards, and between lines. */
  gap: number;
}

/** In units. styles/wallboard.css uses the same sizes. */
export const CALM_CARD: CardMetrics = { card: { width: 290, height: 48 }, heading: 40, gap: 12 };
/** For longer names. */
export const WIDE_CALM_CARD: CardMetrics = { ...CALM_CARD, card: { width: 350, height: 48 } };
/** For a small team, whose names can be read from farther away. */
export const LARGE_CALM_CARD: CardMetrics = { ...CALM_CARD, card: { width: 440, height: 80 }, gap: 16 };
export const TEAM_CARD: CardMetrics = { card: { width: 560, height: 92 }, heading: 0, gap: 12 };
const PINNED_CARD: CardMetrics = { card: { width: 420, height: 146 }, heading: 0, gap: 16 };
/** For many alerts: two lines instead of three. */
const SMALL_PINNED_CARD: CardMetrics = { card: { width: 350, height: 98 }, heading: 0, gap: 12 };

export function scaled({ card, heading, gap }: CardMetrics, unit: number): CardMetrics {
  return {
    card: { width: card.width * unit, height: card.height * unit },
    heading: heading * unit,
    gap: gap * unit,
  };
}

export function columnsOf(width: number, { card, gap }: CardMetrics): number {
  return Math.max(1, Math.floor((width + gap) / (card.width + gap)));
}

/** Whole lines of cards that fit into the height; 0 = not even one. */
export function linesOf(height: number, { card, gap }: CardMetrics): number {
  return Math.max(0, Math.floor((height + gap) / (card.height + gap)));
}

export interface WallboardPages {
  columns: number;
  /** At least one. A group that continues on the next page has its heading there too. No page ends with a heading. */
  pages: readonly (readonly ListRow[])[];
}

/** Puts as many cards on a page as fit into `area`, at least one. Each group begins a line. */
export function wallboardPages(rows: readonly ListRow[], area: PixelSize, metrics: CardMetrics): WallboardPages {
  const { card, heading, gap } = metrics;
  const columns = columnsOf(area.width, metrics);
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

/** Cuts the items into pages of at most `size`. No items make no page. */
export function pagesOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const step = Math.max(1, size);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, page) => items.slice(page * step, (page + 1) * step));
}

export interface PinnedPlan<Card> {
  /** True: the cards have two lines instead of three, so that more of them fit. */
  small: boolean;
  columns: number;
  /** In sight on every page. */
  shown: readonly Card[];
  /** The less urgent rest, which the pages begin with. */
  rest: readonly Card[];
  /** The height that the shown cards take, with the gap below them. */
  height: number;
}

/**
 * Plans the cards that stay in sight on every page. They may take all of the area: what needs a hand goes before the calm. If not
 * even small cards fit, one line stays free, in which the rest turns its pages.
 */
export function pinnedPlan<Card>(cards: readonly Card[], area: PixelSize, unit: number): PinnedPlan<Card> {
  const large = scaled(PINNED_CARD, unit);
  const small = scaled(SMALL_PINNED_CARD, unit);
  const plan = (metrics: CardMetrics, isSmall: boolean, lines: number): PinnedPlan<Card> => {
    const columns = columnsOf(area.width, metrics);
    const shown = cards.slice(0, lines * columns);
    const height = Math.ceil(shown.length / columns) * (metrics.card.height + metrics.gap);
    return { small: isSmall, columns, shown, rest: cards.slice(shown.length), height };
  };
  // Half of the area is for the calm as long as large cards fit into the other half.
  const largeLines = linesOf(area.height / 2, large);
  if (cards.length <= largeLines * columnsOf(area.width, large)) return plan(large, false, largeLines);
  const lines = linesOf(area.height, small);
  const fits = cards.length <= lines * columnsOf(area.width, small);
  // On a very low screen all of them turn, because a line that stays would leave the others no place.
  return plan(small, true, fits ? lines : Math.max(0, lines - 1));
}

/** Turns the pages of the wallboard. */
export class PageTurner {
  #page = 0;
  #since: number | null = null;

  /**
   * Returns the number of the page to show, from 0. Each page stays for `stayMs`. A page that is gone is followed by the first.
   * @param now epoch milliseconds. The same input gives the same page again.
   * @param held the page stays until somebody lets go.
   */
  pageAt(now: number, pages: number, stayMs: number, held: boolean): number {
    if (this.#since === null || held || now < this.#since) this.#since = now;
    if (this.#page >= pages) {
      this.#page = 0;
      this.#since = now;
    }
    if (now - this.#since >= stayMs) {
      this.#page = (this.#page + 1) % Math.max(1, pages);
      this.#since = now;
    }
    return this.#page;
  }
}
