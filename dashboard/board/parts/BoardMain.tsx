import type { ReactNode } from "react";
import type { DayPlace } from "../model/day/day-place.ts";
import type { Layout } from "../model/list-view.ts";
import type { Preferences } from "../model/preferences.ts";
import type { TeamPath } from "../model/team-path.ts";
import { hasFilters, type View, withoutFilters } from "../model/view.ts";
import { AgentCards } from "./AgentCards.tsx";
import { AgentTable } from "./AgentTable.tsx";
import type { BoardContent } from "./board-content.ts";
import { useBoard } from "./board-context.ts";
import { useCenterZone } from "./center-zone.ts";
import { downloadCsv } from "./csv-download.ts";
import { EmptyWords } from "./EmptyWords.tsx";
import { Icon } from "./Icon.tsx";
import { latePart } from "./late-part.tsx";
import { QueueStrip } from "./queues/QueueStrip.tsx";
import { SavedViews } from "./SavedViews.tsx";
import { Tiles } from "./Tiles.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { ViewMenus } from "./ViewMenus.tsx";

const PrintFacts = latePart("tools", () => import("./PrintFacts.tsx"));
const TeamDay = latePart("panels", () => import("./day/TeamDay.tsx"));

interface BoardMainProps {
  content: BoardContent;
  /** The name of the contact center; empty = unknown. */
  title: string;
  /** True after the first message of the hub. */
  known: boolean;
  view: View;
  onView: (view: View) => void;
  onTeams: (teams: readonly TeamPath[]) => void;
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  layout: Layout;
  selected: string | null;
  onOpen: (agentId: string) => void;
  /** The queue whose panel is open. */
  selectedQueue: string | null;
  onOpenQueue: (queueId: string) => void;
  day: DayPlace;
  onDay: (change: Partial<DayPlace>) => void;
  /** The panel beside the list. */
  children: ReactNode;
}

export function BoardMain(props: BoardMainProps) {
  const { content, view, onView, layout, day, onDay } = props;
  const { text, clock } = useBoard();
  const timeZone = useCenterZone();
  const narrow = layout === "cards";
  const empty = (
    <EmptyWords
      known={props.known}
      filtered={content.agents.length > 0 && hasFilters(view)}
      nobodyInTeams={content.agents.length > 0 && content.scoped.length === 0 && content.teams.length > 0}
      onClear={() => onView(withoutFilters(view))}
      onAllTeams={() => props.onTeams([])}
    />
  );
  const list = {
    rows: content.rows,
    ordered: content.ordered,
    view: content.view,
    alerts: content.alerts,
    selected: props.selected,
    held: content.held,
    onOpen: props.onOpen,
    empty,
  };
  const tiles = <Tiles summary={content.summary} view={view} onView={onView} known={props.known} />;
  const queues = (
    <QueueStrip
      queues={content.queues}
      agents={content.agents}
      view={view}
      selected={props.selectedQueue}
      onOpen={props.onOpenQueue}
    />
  );
  return (
    <>
      {queues}
      {tiles}
      <Toolbar
        agents={content.agents}
        scoped={content.scoped}
        queues={content.queues}
        view={view}
        onView={onView}
        narrow={narrow}
      >
        <ViewMenus view={view} sort={content.view.sort} onView={onView} narrow={narrow} />
        <SavedViews
          view={view}
          views={props.preferences.views}
          onView={onView}
          onViews={(views) => props.onPreferences({ views })}
          teams={content.teams}
        />
        <button
          type="button"
          className="vg-button"
          title={text.text("teamDay.showHint")}
          aria-pressed={day.team}
          onClick={() => onDay({ team: !day.team, date: null })}
        >
          <Icon name="timeline" />
          {text.text("teamDay.show")}
        </button>
        <button
          type="button"
          className="vg-button"
          title={text.text("action.csvHint")}
          onClick={() => {
            const { listed: agents, view, alerts } = content;
            downloadCsv({ agents, view, alerts, text, now: clock.now(), center: props.title, timeZone });
          }}
        >
          <Icon name="download" />
          {text.text("action.csv")}
        </button>
      </Toolbar>
      <PrintFacts view={content.view} teams={content.teams} />
      <div className="vg-body">
        <div id="vg-agents" className="vg-list">
          {day.team ? (
            <TeamDay {...list} agents={content.listed} headings={content.view.headings} place={day} onPlace={onDay} />
          ) : narrow ? (
            <AgentCards {...list} />
          ) : (
            <AgentTable {...list} onView={onView} />
          )}
          <p className="vg-hint">
            <span>{text.count("table.count", content.shown)}</span>
            {content.held.waiting && <span className="vg-held">{text.text("table.held")}</span>}
          </p>
        </div>
        {props.children}
      </div>
    </>
  );
}
