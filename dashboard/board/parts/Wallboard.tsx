import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { pinnedCards, rowsWithout } from "../model/pinned.ts";
import type { ListRow } from "../model/rows.ts";
import type { Grouping } from "../model/view.ts";
import { type PixelSize, pageAt, pinnedArea, wallboardPages } from "../model/wallboard.ts";
import { AgentCard } from "./AgentCard.tsx";
import { GroupName, NO_ALERTS } from "./AgentTable.tsx";
import { AlertCard } from "./alerts/AlertCard.tsx";
import { useText, useTick } from "./board-context.ts";
import { useWallboardPace } from "./wallboard-pace.ts";

/** Milliseconds that a page stays: long enough to read forty names from a distance. */
const STAY_MS = 15_000;
/** In em of the wallboard's font size. styles/wallboard.css uses the same sizes. */
const CARD = { width: 19, height: 6.6 };
const HEADING = 1.8;
const GAP = 0.7;

interface WallboardProps {
  rows: readonly ListRow[];
  groupBy: Grouping;
  alerts: AlertsByAgent;
  /** The alerts in the reader's scope. */
  allAlerts: readonly BoardAlert[];
  /** The number of agents that are hidden because they are offline. */
  offline: number;
  empty: ReactNode;
}

/**
 * Shows the signed-in agents as cards, and turns the pages when they do not fit on one. What needs a hand is at the top of every
 * page. The page stays while the board is paused.
 */
export function Wallboard({ rows, groupBy, alerts, allAlerts, offline, empty }: WallboardProps) {
  useWallboardPace();
  const text = useText();
  const container = useRef<HTMLDivElement>(null);
  const [area, setArea] = useState<PixelSize & { em: number }>({ width: 1200, height: 800, em: 16 });
  useLayoutEffect(() => {
    const element = container.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setArea({
        width: element.clientWidth,
        height: element.clientHeight,
        em: Number.parseFloat(getComputedStyle(element).fontSize),
      }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const metrics = {
    card: { width: CARD.width * area.em, height: CARD.height * area.em },
    heading: HEADING * area.em,
    gap: GAP * area.em,
  };
  const needy = useMemo(() => pinnedCards(allAlerts, rows), [allAlerts, rows]);
  const { shown: pinned, height } = pinnedArea(needy, area, metrics);
  const { columns, pages } = wallboardPages(rowsWithout(rows, pinned), { ...area, height: area.height - height }, metrics);
  const page = useTick((now) => pageAt(now, pages.length, STAY_MS));
  return (
    <>
      <div ref={container} className="vg-wallboard">
        {pinned.length > 0 && (
          <ul
            className="vg-pinned"
            style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
            aria-label={text.text("wallboard.pinned")}
          >
            {pinned.map((card) =>
              card.kind === "agent" ? (
                <li key={`agent ${card.agentId}`} data-level={card.level}>
                  <AgentCard
                    agentId={card.agentId}
                    alerts={alerts.get(card.agentId) ?? NO_ALERTS}
                    selected={false}
                    onOpen={null}
                  />
                </li>
              ) : (
                <li key={card.alert.id} data-level={card.alert.level}>
                  <AlertCard alert={card.alert} />
                </li>
              ),
            )}
          </ul>
        )}
        {rows.length === 0 ? (
          <div className="vg-empty">{empty}</div>
        ) : (
          <ul style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }} aria-label={text.text("table.caption")}>
            {pages[page]?.map((row) =>
              row.kind === "group" ? (
                <li key={`group ${row.key}`} className="vg-group">
                  <h2>
                    <GroupName grouping={groupBy} name={row.key} /> <span className="vg-count">{text.number(row.count)}</span>
                  </h2>
                </li>
              ) : (
                <li key={`agent ${row.agentId}`}>
                  <AgentCard agentId={row.agentId} alerts={alerts.get(row.agentId) ?? NO_ALERTS} selected={false} onOpen={null} />
                </li>
              ),
            )}
          </ul>
        )}
      </div>
      <p className="vg-pages">
        {needy.length > pinned.length && <span>{text.count("wallboard.morePinned", needy.length - pinned.length)}</span>}
        {offline > 0 && <span>{text.count("wallboard.offline", offline)}</span>}
        {pages.length > 1 && <span>{text.text("wallboard.page", { page: page + 1, pages: pages.length })}</span>}
      </p>
    </>
  );
}
