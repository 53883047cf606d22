import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** Decides the layout: cards, a table with panels over it, or a table with panels beside it. */
export type ContainerSize = "narrow" | "medium" | "wide";

/** Pixels of the board's own width, because a page may embed it in a column. */
const MEDIUM_FROM = 700;
const WIDE_FROM = 1100;

function sizeForWidth(width: number): ContainerSize {
  if (width < MEDIUM_FROM) return "narrow";
  return width < WIDE_FROM ? "medium" : "wide";
}

/** Pixels of the board's own height. Below, a list of its own height would show a few rows at most. */
const SHORT_BELOW = 600;

/** Returns true while the board is so low that it scrolls as a whole. */
export function useIsShort(root: RefObject<HTMLElement | null>): boolean {
  const [isShort, setShort] = useState(false);
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setShort(entry.contentRect.height < SHORT_BELOW);
    });
    setShort(element.clientHeight < SHORT_BELOW);
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return isShort;
}

export function useContainerSize(root: RefObject<HTMLElement | null>): ContainerSize {
  const [size, setSize] = useState<ContainerSize>(() =>
    typeof window === "undefined" ? "wide" : sizeForWidth(window.innerWidth),
  );
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize(sizeForWidth(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return size;
}
