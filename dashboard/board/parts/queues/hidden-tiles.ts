import { type RefObject, useLayoutEffect, useState } from "react";

/** Returns how many tiles of one row are out of sight. `all`: nobody asks, because the tiles have several rows. */
export function useHiddenTiles(list: RefObject<HTMLUListElement | null>, count: number, all: boolean): number {
  const [hidden, setHidden] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new tile changes no size of the list
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || all) return;
    const measure = () => {
      const { right, bottom } = element.getBoundingClientRect();
      const tiles = [...element.children].map((child) => child.getBoundingClientRect());
      // Half a pixel: browsers round places.
      setHidden(tiles.filter((tile) => tile.left >= right - 0.5 || tile.right > right + 8 || tile.top >= bottom - 0.5).length);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, count, all]);
  return hidden;
}
