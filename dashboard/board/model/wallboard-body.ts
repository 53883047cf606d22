import type { PinnedCard } from "./pinned.ts";
import type { ListRow } from "./rows.ts";
import type { TeamCounts } from "./team-counts.ts";
import {
  CALM_CARD,
  columnsOf,
  LARGE_CALM_CARD,
  linesOf,
  type PinnedPlan,
  type PixelSize,
  pagesOf,
  pinnedPlan,
  scaled,
  TEAM_CARD,
  WIDE_CALM_CARD,
  wallboardPages,
} from "./wallboard.ts";

/** More pages would keep an agent out of sight for over two minutes. From there on, the calm is shown as counts of its teams. */
const MOST_PAGES = 8;
/** Up to so many pages, a minute of them, cards are wide enough for longer names. */
const MOST_WIDE_PAGES = 4;

/** One page of what is left below the cards that stay. */
export type WallboardPage =
  | { kind: "pinned"; columns: number; small: boolean; cards: readonly PinnedCard[] }
  | { kind: "agents"; columns: number; large: boolean; rows: readonly ListRow[] }
  | { kind: "teams"; columns: number; teams: readonly TeamCounts[] };

export interface WallboardBody {
  pinned: PinnedPlan<PinnedCard>;
  pages: readonly WallboardPage[];
  /** What is on no page. */
  left: { pinned: number; teams: number };
}

export interface WallboardBodyInput {
  pinned: readonly PinnedCard[];
  /** The rows of all agents who get a card, those who are pinned among them. */
  rows: readonly ListRow[];
  /** Counts the teams, of which so many fit on all pages. */
  teams: (most: number) => readonly TeamCounts[];
  /** For the pinned cards and the pages, in pixels. */
  area: PixelSize;
  unit: number;
}

/**
 * Plans what is below the queues: first who needs a hand, on every page; then the pages with the agents who need nothing. Where they
 * would take too long to pass, or not one line of them fits, counts take their place.
 */
export function wallboardBody({ pinned, rows, teams, area, unit }: WallboardBodyInput): WallboardBody {
  const plan = pinnedPlan(pinned, area, unit);
  const below = { width: area.width, height: area.height - plan.height };
  const gone = new Set(pinned.flatMap((card) => (card.kind === "agent" ? [card.agentId] : [])));
  const calm = rows.filter((row) => row.kind === "group" || !gone.has(row.agentId));

  const restPages = pagesOf(plan.rest, plan.columns).map(
    (cards): WallboardPage => ({ kind: "pinned", columns: plan.columns, small: plan.small, cards }),
  );
  const shownRest = restPages.slice(0, MOST_PAGES);
  const leftPinned =
    plan.rest.length - shownRest.reduce((sum, page) => sum + (page.kind === "pinned" ? page.cards.length : 0), 0);
  // While the rest of the alerts turns its pages, nobody looks for the calm.
  if (shownRest.length > 0) return { pinned: plan, pages: shownRest, left: { pinned: leftPinned, teams: 0 } };

  const calmPages = agentPages(calm, below, unit);
  if (calmPages !== null) return { pinned: plan, pages: calmPages, left: { pinned: 0, teams: 0 } };
  const { pages, left } = teamPages(teams, below, unit);
  return { pinned: plan, pages, left: { pinned: 0, teams: left } };
}

/** Returns the pages of the agents, or null where they are too many or not one line of them fits. */
function agentPages(calm: readonly ListRow[], area: PixelSize, unit: number): readonly WallboardPage[] | null {
  if (!calm.some(({ kind }) => kind === "agent")) return [];
  const smallest = scaled(CALM_CARD, unit);
  const headings = calm.some(({ kind }) => kind === "group") ? smallest.heading + smallest.gap : 0;
  if (linesOf(area.height - headings, smallest) === 0) return null;
  const large = wallboardPages(calm, area, scaled(LARGE_CALM_CARD, unit));
  const fitsLarge = large.pages.length === 1 && linesOf(area.height - headings, scaled(LARGE_CALM_CARD, unit)) > 0;
  const wide = wallboardPages(calm, area, scaled(WIDE_CALM_CARD, unit));
  const small = wide.pages.length <= MOST_WIDE_PAGES ? wide : wallboardPages(calm, area, smallest);
  const { columns, pages } = fitsLarge ? large : small;
  if (pages.length > MOST_PAGES) return null;
  return pages.map((rows) => ({ kind: "agents", columns, large: fitsLarge, rows }));
}

function teamPages(
  teams: WallboardBodyInput["teams"],
  area: PixelSize,
  unit: number,
): { pages: readonly WallboardPage[]; left: number } {
  const metrics = scaled(TEAM_CARD, unit);
  const lines = linesOf(area.height, metrics);
  if (lines === 0) return { pages: [], left: 0 };
  const most = columnsOf(area.width, metrics);
  const onPage = lines * most;
  const counted = teams(onPage * MOST_PAGES);
  const columns = Math.min(most, Math.max(1, counted.length));
  const pages = pagesOf(counted, onPage).slice(0, MOST_PAGES);
  return {
    pages: pages.map((page) => ({ kind: "teams", columns, teams: page })),
    left: Math.max(0, counted.length - onPage * MOST_PAGES),
  };
}
