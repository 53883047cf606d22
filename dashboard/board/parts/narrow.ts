import { type RefObject, useEffect, useState } from "react";

/** Pixels of the board's own width below which it shows cards. Its own, since it may be embedded in a column. */
const NARROW_BELOW = 700;

export function useNarrow(root: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(() => typeof window !== "undefined" && window.innerWidth < NARROW_BELOW);
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setNarrow(entry.contentRect.width < NARROW_BELOW);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return narrow;
}
