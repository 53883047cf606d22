import { useMemo } from "react";
import type { AgentDay } from "../../../../protocol/agent-day.ts";
import type { AgentView } from "../../../client/contract.ts";
import type { DayAnswer } from "../../model/day/day-answer.ts";
import { type DayAgent, dayCsvFile } from "../../model/day/day-file.ts";
import { withPresent, workedWindow } from "../../model/day/day-strip.ts";
import { dayInWords } from "../../model/day/day-words.ts";
import { isOtherZone, zoneTime } from "../../model/day/zone-time.ts";
import { useText, useTick } from "../board-context.ts";
import { downloadFile } from "../download-file.ts";
import { Icon } from "../Icon.tsx";
import { DayDate } from "./DayDate.tsx";
import { DayFigures, DayTimes } from "./DayFigures.tsx";
import { DayAxis, DayLegend, DayStrip } from "./DayStrip.tsx";
import { DayTable } from "./DayTable.tsx";
import { DayWords } from "./DayWords.tsx";

/** A strip of hours moves by less than a pixel in so many milliseconds. */
const REDRAW_MS = 20_000;

interface DaySectionProps {
  agent: AgentView | undefined;
  answer: DayAnswer;
  retry: () => void;
  /** YYYY-MM-DD; null = today. */
  date: string | null;
  onDate: (date: string | null) => void;
}

/** One day of an agent: the timeline, the figures beside those of the team, and the files. */
export function DaySection({ agent, answer, retry, date, onDate }: DaySectionProps) {
  const text = useText();
  const { day } = answer;
  const kept = day?.keptFrom !== null;
  return (
    <section className="vg-day" aria-label={text.text("day.title")}>
      <h3>
        {text.text("day.title")} {day !== null && kept && <WindowWords day={day} />}
      </h3>
      <DayWords answer={answer} retry={retry} />
      {!kept && <p className="vg-sub">{text.text("day.notKept")}</p>}
      {day !== null && kept && <DayPicker day={day} onDate={onDate} />}
      {day === null && date !== null && (
        <button type="button" className="vg-button" onClick={() => onDate(null)}>
          {text.text("day.today")}
        </button>
      )}
      {day !== null && kept && (
        <KnownDayParts
          day={day}
          agent={date === null ? agent : undefined}
          whose={{ name: agent?.name ?? day.agentId, groups: agent?.groups ?? [] }}
        />
      )}
    </section>
  );
}

/** The date, among the kept days. */
export function DayPicker({ day, onDate }: { day: AgentDay; onDate: (date: string | null) => void }) {
  const text = useText();
  const zone = useMemo(() => zoneTime(text.locale, day.timeZone), [text.locale, day.timeZone]);
  const today = useTick((now) => zone.date(now));
  return <DayDate date={day.date} today={today} first={day.keptFrom ?? null} onDate={onDate} />;
}

function WindowWords({ day }: { day: AgentDay }) {
  const text = useText();
  const zone = useMemo(() => zoneTime(text.locale, day.timeZone), [text.locale, day.timeZone]);
  const now = useTick((time) => Math.floor(time / REDRAW_MS) * REDRAW_MS);
  const window = workedWindow(day, Math.max(day.serverTime, now));
  if (window === null) return null;
  const words = text.text("day.window", { from: zone.minute(window.from), to: zone.minute(window.to) });
  return <span className="vg-day-window">· {words}</span>;
}

function KnownDayParts({ day, agent, whose }: { day: AgentDay; agent: AgentView | undefined; whose: DayAgent }) {
  const text = useText();
  const zone = useMemo(() => zoneTime(text.locale, day.timeZone), [text.locale, day.timeZone]);
  const tick = useTick((time) => Math.floor(time / REDRAW_MS) * REDRAW_MS);
  const now = Math.min(day.to, Math.max(day.serverTime, tick));
  const spells = useMemo(() => (agent === undefined ? day.spells : withPresent(day, agent)), [day, agent]);
  const window = workedWindow({ ...day, spells }, now);
  if (window === null) return <p className="vg-sub">{text.text("day.nothing")}</p>;
  const times = { from: zone.minute(window.from), to: zone.minute(window.to) };
  const file = `vigia-day-${day.date}-${day.agentId}`;
  return (
    <>
      <DayStrip
        spells={spells}
        contacts={day.contacts}
        window={window}
        now={now}
        zone={zone}
        label={text.text("day.strip", { ...times, words: dayInWords(day.totals, text) })}
      />
      <DayAxis window={window} dayFrom={day.from} zone={zone} />
      {isOtherZone(day.timeZone, day.from, day.to) && <p className="vg-sub">{text.text("day.zone", { zone: day.timeZone })}</p>}
      <DayLegend spells={spells} />
      <DayFigures totals={day.totals} median={day.median} />
      <details className="vg-day-table">
        <summary>{text.text("day.times")}</summary>
        <DayTimes totals={day.totals} />
      </details>
      <DayTable day={day} zone={zone} />
      <p className="vg-day-files">
        <button
          type="button"
          className="vg-button"
          aria-label={text.text("day.csv")}
          onClick={() => downloadFile(`${file}.csv`, dayCsvFile(day, whose, text))}
        >
          <Icon name="download" />
          CSV
        </button>
        <button
          type="button"
          className="vg-button"
          aria-label={text.text("day.json")}
          onClick={() => downloadFile(`${file}.json`, JSON.stringify(day, null, 2))}
        >
          <Icon name="download" />
          JSON
        </button>
      </p>
    </>
  );
}
