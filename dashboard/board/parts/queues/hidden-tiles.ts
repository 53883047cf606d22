import { type RefObject, useLayoutEffect, useState } from "react";

/** Pixels that the last tile may stick out, because the list has a margin for outlines, and browsers round places. */
const MARGIN = 1;

/** Pixels of a tile at least, and between two tiles. styles/queues.css has the same. */
const LEAST_WIDTH = 268;
const GAP = 8;

/**
 * Returns how many tiles of one row are out of sight, and gives the tiles such a width that the row ends with a whole one: a tile
 * that is cut looks like a fault. `all`: nobody asks, because the tiles have several rows.
 */
export function useHiddenTiles(list: RefObject<HTMLUListElement | null>, count: number, all: boolean): number {
  const [hidden, setHidden] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new tile changes no size of the list
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || all) return;
    const measure = () => {
      const fitting = Math.floor((element.clientWidth + GAP) / (LEAST_WIDTH + GAP));
      element.style.setProperty("--vg-tiles-in-row", String(Math.max(1, Math.min(fitting, count))));
      const { right } = element.getBoundingClientRect();
      const tiles = [...element.children].map((child) => child.getBoundingClientRect());
      setHidden(tiles.filter((tile) => tile.height < 1 || tile.right > right + MARGIN).length);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, count, all]);
  return hidden;
}
