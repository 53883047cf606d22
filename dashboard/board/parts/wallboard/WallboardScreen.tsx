import { type ReactNode, useMemo, useRef, useState } from "react";
import type { AgentClient, Connection } from "../../../client/contract.ts";
import { pinnedCards } from "../../model/pinned.ts";
import type { Preferences } from "../../model/preferences.ts";
import { listRows, placedAgents } from "../../model/rows.ts";
import { statusCounts, teamCounts } from "../../model/team-counts.ts";
import { hasFilters, type View } from "../../model/view.ts";
import { queueTilePlan } from "../../model/wall-queues.ts";
import { PageTurner, type PixelSize } from "../../model/wallboard.ts";
import { wallboardBody } from "../../model/wallboard-body.ts";
import { wallboardView, withCards } from "../../model/wallboard-view.ts";
import { useBoard, useTick } from "../board-context.ts";
import { CalmCards } from "./CalmCards.tsx";
import { useElementSize } from "./element-size.ts";
import { PinnedCards } from "./PinnedCards.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { usePictureShift } from "./screen.ts";
import { TeamCards } from "./TeamCards.tsx";
import { WallboardAlarm } from "./WallboardAlarm.tsx";
import { WallboardFooter } from "./WallboardFooter.tsx";
import { WallboardHeader } from "./WallboardHeader.tsx";
import { WallboardQueueTiles } from "./WallboardQueueTiles.tsx";
import { CALM, useWallboardAgents } from "./wallboard-agents.ts";
import { useWallboardPace } from "./wallboard-pace.ts";
import { useWallboardQueues } from "./wallboard-queues.ts";

/** Milliseconds that a page stays: long enough to read forty names from a distance. */
const STAY_MS = 15_000;
/** The space around the picture and between its parts, in units. styles/wallboard.css has the same. */
const EDGE = 36;
const PART_GAP = 20;

interface WallboardScreenProps {
  client: AgentClient;
  title: string;
  /** The center's; null = unknown. */
  timeZone: string | null;
  view: View;
  preferences: Preferences;
  connection: Connection;
  /** True after the first message of the hub. */
  known: boolean;
  size: PixelSize;
  /** Pixels of one unit. */
  unit: number;
  /** The page stays until somebody lets go. */
  held: boolean;
  onOpenAlerts: ((count: number) => void) | undefined;
  /** Says why the wallboard is not live. */
  notice: ReactNode;
}

/** The picture: queues, who needs a hand, counts, and pages of the others. */
export function WallboardScreen(props: WallboardScreenProps) {
  const { client, view, size, unit, known } = props;
  const { text } = useBoard();
  useWallboardPace(client);
  const { scope, scoped, queues: ofTeams, shown, alerts, byAgent } = useWallboardAgents(client, view);
  const { queues, sums } = useWallboardQueues(ofTeams, scoped, view);
  const inside = { width: size.width - 2 * EDGE * unit, height: size.height - 2 * EDGE * unit };
  const tiles = queueTilePlan(queues.length, inside, unit);
  const queueTiles = queues.slice(0, tiles.shown).map(({ queue }) => queue.queueId);
  const tileIds = queueTiles.join("\n");
  const pinned = useMemo(
    () => pinnedCards(alerts, { agents: new Set(shown.map(({ agentId }) => agentId)), queueTiles: new Set(tileIds.split("\n")) }),
    [alerts, shown, tileIds],
  );
  const counts = useMemo(() => statusCounts(shown), [shown]);
  const rows = useMemo(() => {
    const { headings } = wallboardView(view);
    return listRows(placedAgents(withCards(view, shown), { headings, attention: CALM, text }), headings);
  }, [view, shown, text]);

  const bodyElement = useRef<HTMLDivElement>(null);
  const countsElement = useRef<HTMLUListElement>(null);
  const bodySize = useElementSize(bodyElement);
  const countsSize = useElementSize(countsElement);
  const area = {
    width: bodySize?.width ?? inside.width,
    height: (bodySize?.height ?? inside.height / 2) - (countsSize?.height ?? 0) - PART_GAP * unit,
  };
  const { width, height } = area;
  const body = useMemo(
    () =>
      wallboardBody({
        pinned,
        rows,
        teams: (most) => teamCounts(shown, most, text.compare),
        area: { width, height },
        unit,
      }),
    [pinned, rows, shown, text, width, height, unit],
  );
  const [turner] = useState(() => new PageTurner());
  const pageNumber = useTick((now) => turner.pageAt(now, body.pages.length, STAY_MS, props.held));
  const page = body.pages[pageNumber];
  const [x, y] = usePictureShift();

  return (
    <div className="vg-wb-picture" style={{ transform: `translate(${x * unit}px, ${y * unit}px)` }}>
      <WallboardHeader title={props.title} view={view} connection={props.connection} timeZone={props.timeZone} />
      <main className="vg-wb-main">
        {props.notice}
        <WallboardQueueTiles queues={queues} plan={tiles} />
        <div ref={bodyElement} className="vg-wb-body">
          {body.pinned.shown.length > 0 && (
            <PinnedCards
              cards={body.pinned.shown}
              columns={body.pinned.columns}
              small={body.pinned.small}
              alerts={byAgent}
              label={text.text("wallboard.pinned")}
            />
          )}
          <StatusLine ref={countsElement} counts={counts} />
          {page?.kind === "pinned" && (
            <PinnedCards
              cards={page.cards}
              columns={page.columns}
              small={page.small}
              alerts={byAgent}
              label={text.text("wallboard.alsoPinned")}
            />
          )}
          {page?.kind === "agents" && (
            <CalmCards rows={page.rows} columns={page.columns} large={page.large} groupBy={view.groupBy} />
          )}
          {page?.kind === "teams" && <TeamCards teams={page.teams} columns={page.columns} />}
          {rows.length === 0 && (
            <p className="vg-wb-empty">{text.text(emptyKey(known, scoped.length > 0 && hasFilters(view)))}</p>
          )}
        </div>
      </main>
      <WallboardFooter
        sums={queues.length === 0 ? null : sums}
        page={pageNumber}
        pages={body.pages.length}
        held={props.held}
        left={body.left}
      />
      <WallboardAlarm
        client={client}
        connection={props.connection}
        preferences={props.preferences}
        scope={scope}
        alerts={alerts}
        onOpenAlerts={props.onOpenAlerts}
      />
    </div>
  );
}

function emptyKey(known: boolean, filtered: boolean) {
  if (!known) return "table.loading" as const;
  return filtered ? ("wallboard.noMatch" as const) : ("wallboard.nobody" as const);
}
