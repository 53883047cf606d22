import { columnsOf, linesOf, type PixelSize, scaled } from "./wallboard.ts";

/** In units. styles/wallboard.css uses the same heights. */
const TILE = { card: { width: 340, height: 218 }, heading: 0, gap: 20 };
const LOW_TILE = { card: { width: 340, height: 132 }, heading: 0, gap: 16 };
/** A screen lower than this, in units, has no room for large tiles: a window, or a zoomed page. */
const LOW_SCREEN = 900;
/** In a tile narrower than this, in units, a name of twelve letters and the free agents have no place in one line. */
const NARROW_TILE = 400;
/** The share of the screen that the queues may take. */
const QUEUE_SHARE = 0.3;

export interface QueueTilePlan {
  columns: number;
  /** Tiles with a queue. The others are counted in one more tile. */
  shown: number;
  /** True: the tiles have two lines, because the screen is low. */
  low: boolean;
  /** True: the first line has the name only. */
  narrow: boolean;
}

/** Plans the tiles of so many queues on a screen. The area is the inside of the wallboard, in pixels. */
export function queueTilePlan(queues: number, area: PixelSize, unit: number): QueueTilePlan {
  const low = area.height / unit < LOW_SCREEN;
  const metrics = scaled(low ? LOW_TILE : TILE, unit);
  const most = columnsOf(area.width, metrics);
  const lines = Math.max(1, linesOf(area.height * QUEUE_SHARE, metrics));
  const tiles = Math.min(queues, most * lines);
  const columns = Math.max(1, Math.ceil(tiles / Math.ceil(tiles / most)));
  const tileWidth = (area.width + metrics.gap) / columns - metrics.gap;
  const narrow = tileWidth < NARROW_TILE * unit;
  return { columns, shown: queues <= tiles ? queues : Math.max(1, tiles - 1), low, narrow };
}
