import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { AlertsByAgent } from "../../model/alerts-by-agent.ts";
import { criticalOutOfSight } from "../../model/out-of-sight.ts";
import { type RowRange, rowsInSight } from "../../model/row-window.ts";
import type { ListRow } from "../../model/rows.ts";
import { useText } from "../board-context.ts";
import type { HeldOrder } from "../held-order.ts";
import { Icon } from "../Icon.tsx";
import { showRow, useSeenRows } from "../row-window.ts";

const ALL_ROWS: RowRange = { first: 0, last: Number.POSITIVE_INFINITY };

interface OutOfSightPillProps {
  scroller: RefObject<HTMLElement | null>;
  rows: readonly ListRow[];
  /** The rows in the order of the view. */
  ordered: readonly ListRow[];
  alerts: AlertsByAgent;
  held: HeldOrder;
  /** The box of the rows. */
  body: RefObject<HTMLElement | null>;
  /** Where each row begins, in pixels from the first one. */
  tops: readonly number[];
}

/** Says how many critical rows are above or below what is in sight. A press shows the first of them. */
export function OutOfSightPill({ scroller, rows, ordered, alerts, held, body, tops }: OutOfSightPillProps) {
  const text = useText();
  // A row of which more than half is in sight counts as seen.
  const { first, last } = useSeenRows({ body, tops, rowsOf: rowsInSight, atFirst: ALL_ROWS });
  const goal = useRef<string | null>(null);
  const [presses, setPresses] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each press, when the rows have their new order
  useEffect(() => {
    const [agentId, list] = [goal.current, scroller.current];
    goal.current = null;
    if (agentId === null || list === null) return;
    const index = rows.findIndex((row) => row.kind === "agent" && row.agentId === agentId);
    if (body.current !== null) showRow(body.current, index === -1 ? 0 : (tops[index] ?? 0));
    // Of many rows, only those in sight are in the page.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.querySelector<HTMLElement>(`[data-agent="${CSS.escape(agentId)}"] .vg-name`)?.focus({ preventScroll: true }),
      ),
    );
  }, [presses]);

  const isHeld = held.waiting;
  const { above, below } = useMemo(
    () => criticalOutOfSight({ rows, ordered, alerts, isHeld, first, last }),
    [rows, ordered, alerts, isHeld, first, last],
  );
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
