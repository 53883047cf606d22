import { type RefObject, useEffect, useMemo, useState } from "react";
import type { OptionalColumn } from "../../columns/column.ts";
import { columnOf, optionalColumns } from "../../columns/column-keys.ts";
import { START_VIEW, sameItems, type View } from "../../model/view.ts";

/** Pixels beside the least widths, so that the longest status and a usual reason are not cut off. */
const SLACK = 344;
/** Pixels of the list from which all columns of the start have room. */
const ROOMY_FROM =
  SLACK + [columnOf("agent"), ...optionalColumns(START_VIEW.columns)].reduce((sum, { width }) => sum + width.least, 0);

/** Returns the columns of a view. Those of the start view leave out some where the list is narrow; a reader's own choice never does. */
export function useShownColumns(list: RefObject<HTMLElement | null>, keys: View["columns"]): OptionalColumn[] {
  const [roomy, setRoomy] = useState(true);
  useEffect(() => {
    if (list.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setRoomy(entry.contentRect.width >= ROOMY_FROM);
    });
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [list]);
  // Rows render again when they get another list.
  return useMemo(() => {
    const columns = optionalColumns(keys);
    return roomy || !sameItems(keys, START_VIEW.columns) ? columns : columns.filter((column) => column.roomy !== true);
  }, [roomy, keys]);
}
