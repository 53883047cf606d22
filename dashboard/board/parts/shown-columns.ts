import { type RefObject, useEffect, useMemo, useState } from "react";
import type { OptionalColumn } from "../columns/column.ts";
import { optionalColumns } from "../columns/column-keys.ts";
import { START_VIEW, sameItems, type View } from "../model/view.ts";

/** The widths of the list, in pixels, from which columns of the start are shown. */
const STEPS = optionalColumns(START_VIEW.columns).map(({ startsFrom = 0 }) => startsFrom);

/** Returns the columns of a view. Those of the start view leave out some where the list is narrow; a reader's own choice never does. */
export function useShownColumns(list: RefObject<HTMLElement | null>, keys: View["columns"]): OptionalColumn[] {
  const [step, setStep] = useState(Math.max(...STEPS));
  useEffect(() => {
    if (list.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setStep(Math.max(0, ...STEPS.filter((from) => from <= entry.contentRect.width)));
    });
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [list]);
  // Rows render again when they get another list.
  return useMemo(() => {
    const columns = optionalColumns(keys);
    return sameItems(keys, START_VIEW.columns) ? columns.filter(({ startsFrom = 0 }) => startsFrom <= step) : columns;
  }, [step, keys]);
}
