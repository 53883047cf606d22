import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import type { BoardRow } from "../model/rows.ts";
import type { Grouping } from "../model/view.ts";
import { pageAt, type WallSize, wallOf } from "../model/wallboard.ts";
import { AgentCard } from "./AgentCard.tsx";
import { GroupName, NO_ALERTS } from "./AgentTable.tsx";
import { useText, useTick } from "./board-context.ts";

/** Long enough to read forty names from across a room. */
const STAY_MS = 15_000;
/** In em of the wall's own font size; styles/tv.css draws them so. */
const CARD = { width: 19, height: 6.6 };
const HEADING = 1.8;
const GAP = 0.7;

interface TvWallProps {
  rows: readonly BoardRow[];
  groupBy: Grouping;
  alerts: AlertsByAgent;
  /** How many agents are not shown because they are offline. */
  offline: number;
  empty: ReactNode;
}

/** Who is signed in on one screen, page by page when they are too many. Standing still while the board is paused. */
export function TvWall({ rows, groupBy, alerts, offline, empty }: TvWallProps) {
  const text = useText();
  const wall = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<WallSize & { em: number }>({ width: 1200, height: 800, em: 16 });
  useLayoutEffect(() => {
    const element = wall.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setRoom({
        width: element.clientWidth,
        height: element.clientHeight,
        em: Number.parseFloat(getComputedStyle(element).fontSize),
      }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { columns, pages } = wallOf(rows, room, {
    card: { width: CARD.width * room.em, height: CARD.height * room.em },
    heading: HEADING * room.em,
    gap: GAP * room.em,
  });
  const page = useTick((now) => pageAt(now, pages.length, STAY_MS));
  return (
    <>
      <div ref={wall} className="vg-wall">
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
        {offline > 0 && <span>{text.count("tv.offline", offline)}</span>}
        {pages.length > 1 && <span>{text.text("tv.page", { page: page + 1, pages: pages.length })}</span>}
      </p>
    </>
  );
}
