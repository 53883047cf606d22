import { type RefObject, useEffect, useState } from "react";

/** How much room the board has: cards, a table with panels over it, or a table with panels beside it. */
export type Room = "narrow" | "medium" | "wide";

/** Pixels of the board's own width: it may be embedded in a column. */
const MEDIUM_FROM = 700;
const WIDE_FROM = 1100;

function roomFor(width: number): Room {
  if (width < MEDIUM_FROM) return "narrow";
  return width < WIDE_FROM ? "medium" : "wide";
}

export function useRoom(root: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>(() => (typeof window === "undefined" ? "wide" : roomFor(window.innerWidth)));
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setRoom(roomFor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return room;
}
