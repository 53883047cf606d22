import "../../styles/panels.css";
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AgentToday } from "../../../../protocol/agent-today.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useAgent } from "../../../react/use-agents.ts";
import type { DayPlace } from "../../model/day/day-place.ts";
import { commonWindow, type TimeWindow, withPresent, workedWindow } from "../../model/day/day-strip.ts";
import { dayInWords, hoursWords, shareWords, timeWords } from "../../model/day/day-words.ts";
import { figuresByTeam, medianFigures } from "../../model/day/team-figures.ts";
import { isOtherZone, zoneTime } from "../../model/day/zone-time.ts";
import { teamOf } from "../../model/grouping.ts";
import type { Headings } from "../../model/list-view.ts";
import { placesInPage, type RowHeights, rowTops } from "../../model/row-window.ts";
import type { ListRow } from "../../model/rows.ts";
import { GroupHeading } from "../AgentTable.tsx";
import { useText, useTick } from "../board-context.ts";
import { DayPicker } from "./DaySection.tsx";
import { DayAxis, DayLegend, DayStrip } from "./DayStrip.tsx";
import { DayWords } from "./DayWords.tsx";
import { useRowsInSight } from "./rows-in-sight.ts";
import { TeamDayFiles } from "./TeamDayFiles.tsx";
import { TeamHeading } from "./TeamHeading.tsx";
import { useAgentDay } from "./use-day.ts";

/** styles/day.css has the same heights. */
const ROW_HEIGHTS: RowHeights = { agent: 53, group: 36 };
const REDRAW_MS = 20_000;

interface TeamDayProps {
  rows: readonly ListRow[];
  /** The agents of the rows. */
  agents: readonly AgentView[];
  headings: Headings;
  place: DayPlace;
  onPlace: (change: Partial<DayPlace>) => void;
  selected: string | null;
  onOpen: (agentId: string) => void;
  /** Shown when there are no rows. */
  empty: ReactNode;
}

/** What the first day that was read says of all. */
interface KnownAxis {
  window: TimeWindow;
  dayFrom: number;
  dayTo: number;
  timeZone: string;
}

/** The day of each agent of the list, one strip below the other on one axis. Only the rows in sight are asked for. */
export default function TeamDay({ rows, agents, headings, place, onPlace, selected, onOpen, empty }: TeamDayProps) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { date } = place;
  const [axis, setAxis] = useState<{ date: string | null; known: KnownAxis | null }>({ date, known: null });
  const known = axis.date === date ? axis.known : null;
  const tick = useTick((now) => Math.floor(now / REDRAW_MS) * REDRAW_MS);
  const onWindow = useCallback(
    (next: KnownAxis) =>
      setAxis((before) => {
        const same = before.date === date ? before.known : null;
        const window = commonWindow([same?.window ?? null, next.window]) ?? next.window;
        if (same !== null && window.from === same.window.from && window.to === same.window.to) return before;
        return { date, known: { ...next, window } };
      }),
    [date],
  );
  const body = useRef<HTMLTableSectionElement>(null);
  const tops = useMemo(() => rowTops(rows, ROW_HEIGHTS), [rows]);
  const range = useRowsInSight(body, tops);
  const places = range === null ? [] : placesInPage(rows, range, () => false);
  const window =
    known === null
      ? null
      : date === null
        ? { ...known.window, to: Math.min(known.dayTo, Math.max(known.window.to, tick)) }
        : known.window;
  const timeZone = known?.timeZone ?? null;
  const zone = useMemo(() => (timeZone === null ? null : zoneTime(text.locale, timeZone)), [text.locale, timeZone]);
  const agentIds = useMemo(() => rows.flatMap((row) => (row.kind === "agent" ? [row.agentId] : [])), [rows]);
  const [first] = agentIds;
  const median = useMemo(() => (date === null ? medianFigures(agents) : null), [date, agents]);
  const teams = useMemo(() => (date === null && headings === "team" ? figuresByTeam(agents) : null), [date, headings, agents]);
  return (
    <div className="vg-team-day">
      <div className="vg-team-day-head">
        <h2>{text.text("teamDay.title")}</h2>
        {first !== undefined && <TeamDate agentId={first} date={date} onDate={(next) => onPlace({ date: next })} />}
        {known !== null && isOtherZone(known.timeZone, known.dayFrom, known.dayTo) && (
          <span className="vg-sub">{text.text("day.zone", { zone: known.timeZone })}</span>
        )}
        <TeamDayFiles agents={agents} date={date} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section ref={scroller} className="vg-scroller" aria-label={text.text("teamDay.caption")} tabIndex={0}>
        <table className="vg-table vg-day-rows" aria-rowcount={rows.length + 1}>
          <caption className="vg-hidden">{text.text("teamDay.caption")}</caption>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="vg-day-agent">
                {text.text("column.agent")}
              </th>
              <th scope="col" className="vg-day-line">
                <span className="vg-hidden">{text.text("day.title")}</span>
                {window !== null && zone !== null && known !== null && (
                  <DayAxis window={window} dayFrom={known.dayFrom} zone={zone} />
                )}
              </th>
              {FIGURES.map(({ key, heading, extra }) => (
                <th key={key} scope="col" className="vg-number vg-day-figure" data-extra={extra || undefined}>
                  {text.text(heading)}
                </th>
              ))}
            </tr>
            {median !== null && (
              <tr className="vg-day-median">
                <th scope="row">{text.text("day.teamMedian")}</th>
                <td />
                <FigureCells figures={median} />
              </tr>
            )}
          </thead>
          <tbody ref={body}>
            <Gap height={tops[places[0] ?? 0] ?? 0} />
            {places.map((place) => {
              const row = rows[place];
              if (row === undefined) return null;
              if (row.kind !== "agent") {
                const team = teams?.get(row.key);
                return (
                  <tr key={`group ${row.key}`} className="vg-group" aria-rowindex={place + 2}>
                    <th scope="rowgroup" colSpan={SHOWN_EVERYWHERE}>
                      <GroupHeading headings={headings} row={row} />
                      {team !== undefined && <TeamHeading figures={team} />}
                    </th>
                    {FIGURES.map(({ key, extra }) => extra && <td key={key} className="vg-day-figure" data-extra />)}
                  </tr>
                );
              }
              return (
                <TeamDayRow
                  key={row.agentId}
                  agentId={row.agentId}
                  rowIndex={place + 2}
                  date={date}
                  from={window?.from ?? null}
                  to={window?.to ?? null}
                  selected={selected === row.agentId}
                  onOpen={onOpen}
                  onWindow={onWindow}
                />
              );
            })}
            <Gap height={(tops.at(-1) ?? 0) - (tops[(places.at(-1) ?? -1) + 1] ?? 0)} />
          </tbody>
        </table>
        {rows.length === 0 && <div className="vg-empty">{empty}</div>}
      </section>
      <DayLegend spells={ALL_KINDS} />
    </div>
  );
}

/** The first agent's day says which dates are kept. */
function TeamDate({ agentId, date, onDate }: { agentId: string; date: string | null; onDate: (date: string | null) => void }) {
  const { day } = useAgentDay(agentId, date);
  return day === null || day.keptFrom === null ? null : <DayPicker day={day} onDate={onDate} />;
}

interface TeamDayRowProps {
  agentId: string;
  rowIndex: number;
  date: string | null;
  from: number | null;
  to: number | null;
  selected: boolean;
  onOpen: (agentId: string) => void;
  onWindow: (axis: KnownAxis) => void;
}

const TeamDayRow = memo(function TeamDayRow(props: TeamDayRowProps) {
  const { agentId, rowIndex, date, from, to, selected, onOpen, onWindow } = props;
  const text = useText();
  const agent = useAgent(agentId);
  const { retry, ...answer } = useAgentDay(agentId, date);
  const { day } = answer;
  const tick = useTick((now) => Math.floor(now / REDRAW_MS) * REDRAW_MS);
  const now = day === null ? tick : Math.min(day.to, Math.max(day.serverTime, tick));
  const spells = useMemo(() => {
    if (day === null) return [];
    return agent !== undefined && date === null ? withPresent(day, agent) : day.spells;
  }, [day, agent, date]);
  useEffect(() => {
    const window = day === null ? null : workedWindow(day, day.serverTime);
    if (day === null || window === null) return;
    onWindow({ window, dayFrom: day.from, dayTo: day.to, timeZone: day.timeZone });
  }, [day, onWindow]);
  const timeZone = day?.timeZone ?? null;
  const zone = useMemo(() => (timeZone === null ? null : zoneTime(text.locale, timeZone)), [text.locale, timeZone]);
  const window = useMemo(() => (from === null || to === null ? null : { from, to }), [from, to]);
  const worked = day === null ? null : workedWindow({ ...day, spells }, now);
  return (
    <tr className="vg-row" aria-rowindex={rowIndex} data-selected={selected || undefined}>
      <th scope="row" className="vg-day-agent">
        <button type="button" className="vg-name" onClick={() => onOpen(agentId)}>
          {agent?.name ?? agentId}
        </button>
        <span className="vg-sub">{agent === undefined ? "" : teamOf(agent)}</span>
      </th>
      <td className="vg-day-line">
        <DayWords answer={answer} retry={retry} />
        {day?.keptFrom === null && <span className="vg-sub">{text.text("day.notKept")}</span>}
        {day !== null && day.keptFrom !== null && worked === null && <span className="vg-sub">{text.text("day.nothing")}</span>}
        {day !== null && worked !== null && window !== null && zone !== null && (
          <DayStrip
            spells={spells}
            contacts={day.contacts}
            window={window}
            now={now}
            zone={zone}
            label={text.text("day.strip", {
              from: zone.minute(worked.from),
              to: zone.minute(worked.to),
              words: dayInWords(day.totals, text),
            })}
          />
        )}
      </td>
      <FigureCells figures={day === null || worked === null ? null : day.totals} />
    </tr>
  );
});

const FIGURES = [
  { key: "handled", heading: "column.handled", extra: false },
  { key: "missed", heading: "column.missed", extra: true },
  { key: "averageHandleMs", heading: "column.aht", extra: false },
  { key: "occupancy", heading: "column.occupancy", extra: true },
  { key: "signedInMs", heading: "day.signedIn", extra: true },
] as const;

/** The name, the strip, and the figures that a narrow list has too. A cell across more would add columns there. */
const SHOWN_EVERYWHERE = 2 + FIGURES.filter(({ extra }) => !extra).length;

function FigureCells({ figures }: { figures: AgentToday | null }) {
  const text = useText();
  const none = text.text("table.none");
  const words =
    figures === null
      ? FIGURES.map(() => none)
      : [
          text.number(figures.handled),
          text.number(figures.missed),
          timeWords(figures.averageHandleMs, text),
          shareWords(figures.occupancy, text),
          hoursWords(figures.signedInMs, text),
        ];
  return FIGURES.map(({ key, extra }, index) => (
    <td key={key} className="vg-number vg-day-figure" data-extra={extra || undefined}>
      {words[index]}
    </td>
  ));
}

/** Fills the height of the rows that are not in the page. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row cannot take the focus
    <tr aria-hidden="true" className="vg-gap">
      <td style={{ height }} />
    </tr>
  );
}

const ALL_KINDS = (
  ["available", "on a call", "on a contact", "on hold", "after call work", "ringing", "missed", "away", "unknown"] as const
).map((kind) => ({ kind }));
