import { type RefObject, useLayoutEffect, useState } from "react";
import { type RowRange, rowsBetween } from "../../model/row-window.ts";
import { onSightChange, sightOf } from "../row-window.ts";

/** Rows before and after those in sight. Each is a question to the hub, so there are few. */
const AROUND = 1;

/** Returns the rows that can be seen, and one before and after them; null before anything has been measured. */
export function useRowsInSight(body: RefObject<HTMLElement | null>, tops: readonly number[]): RowRange | null {
  const [range, setRange] = useState<RowRange | null>(null);
  useLayoutEffect(() => {
    const element = body.current;
    if (element === null) return;
    const look = () => {
      const { from, to } = sightOf(element);
      const { first, last } = rowsBetween(tops, from, to);
      const next = { first: Math.max(0, first - AROUND), last: last + AROUND };
      setRange((before) => (before?.first === next.first && before.last === next.last ? before : next));
    };
    look();
    return onSightChange(element, look);
  }, [body, tops]);
  return range;
}
