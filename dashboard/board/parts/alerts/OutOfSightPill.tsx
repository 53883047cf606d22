import { type RefObject, useEffect, useRef, useState } from "react";
import type { AlertsByAgent } from "../../model/alerts-by-agent.ts";
import { criticalOutOfSight } from "../../model/out-of-sight.ts";
import type { ListRow } from "../../model/rows.ts";
import { useText } from "../board-context.ts";
import type { HeldOrder } from "../held-order.ts";
import { Icon } from "../Icon.tsx";

interface OutOfSightPillProps {
  scroller: RefObject<HTMLElement | null>;
  rows: readonly ListRow[];
  /** The rows in the order of the view. */
  ordered: readonly ListRow[];
  alerts: AlertsByAgent;
  held: HeldOrder;
  /** Pixels of a row and of the headings, which stay in sight. */
  rowHeight: number;
  headHeight: number;
}

/** Says how many critical rows are above or below what is in sight. A press shows the first of them. */
export function OutOfSightPill({ scroller, rows, ordered, alerts, held, rowHeight, headHeight }: OutOfSightPillProps) {
  const text = useText();
  const [{ first, last }, setSight] = useState({ first: 0, last: Number.POSITIVE_INFINITY });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      // A row of which more than half is in sight counts as seen.
      const next = {
        first: Math.round(element.scrollTop / rowHeight),
        last: Math.round((element.scrollTop + element.clientHeight - headHeight) / rowHeight) - 1,
      };
      setSight((before) => (before.first === next.first && before.last === next.last ? before : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, rowHeight, headHeight]);

  const goal = useRef<string | null>(null);
  const [presses, setPresses] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each press, when the rows have their new order
  useEffect(() => {
    const [agentId, list] = [goal.current, scroller.current];
    goal.current = null;
    if (agentId === null || list === null) return;
    const index = rows.findIndex((row) => row.kind === "agent" && row.agentId === agentId);
    list.scrollTo({ top: Math.max(0, index * rowHeight) });
    // Of many rows, only those in sight are in the page.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.querySelector<HTMLElement>(`[data-agent="${CSS.escape(agentId)}"] .vg-name`)?.focus({ preventScroll: true }),
      ),
    );
  }, [presses]);

  const { above, below } = criticalOutOfSight({ rows, ordered, alerts, isHeld: held.waiting, first, last });
  const [aboveFirst] = above;
  const [belowFirst] = below;
  const show = (agentId: string) => {
    goal.current = agentId;
    held.release();
    setPresses(presses + 1);
  };
  return (
    <div className="vg-out-of-sight">
      {aboveFirst !== undefined && (
        <button type="button" className="vg-button" data-place="above" onClick={() => show(aboveFirst)}>
          <Icon name="up" />
          {text.count("table.above", above.length)}
        </button>
      )}
      {belowFirst !== undefined && (
        <button type="button" className="vg-button" data-place="below" onClick={() => show(belowFirst)}>
          <Icon name="down" />
          {text.count("table.below", below.length)}
        </button>
      )}
    </div>
  );
}
