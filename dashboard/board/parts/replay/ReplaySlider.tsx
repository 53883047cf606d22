import type { KeyboardEvent } from "react";
import type { ReplaySession, ReplayState } from "../../../client/replay/replay-session.ts";
import { type AlertMark, placedMarks } from "../../model/replay/alert-marks.ts";
import { useText } from "../board-context.ts";
import { useCenterDays } from "./center-days.ts";

/** What each key of the slider adds, in ms. A browser's own step over a day would be a second, or a tenth of the day. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -10_000,
  ArrowDown: -10_000,
  ArrowRight: 10_000,
  ArrowUp: 10_000,
  PageDown: -60_000,
  PageUp: 60_000,
};
const SECOND = 1_000;

interface ReplaySliderProps {
  session: ReplaySession;
  state: ReplayState;
  marks: readonly AlertMark[];
}

/** The day of the shown moment, as far as it is kept, with a mark wherever an alert fired. */
export function ReplaySlider({ session, state: { at, keptSince }, marks }: ReplaySliderProps) {
  const text = useText();
  const center = useCenterDays();
  const from = Math.ceil(Math.max(center.startOfDay(at), keptSince ?? 0) / SECOND) * SECOND;
  const to = Math.max(from + SECOND, Math.min(center.endOfDay(at), session.newest()));
  const placed = placedMarks(marks, from, to);
  const count = marks.filter((mark) => mark.at >= from && mark.at <= to).length;
  const press = (event: KeyboardEvent) => {
    const ms = STEPS[event.key];
    if (ms === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    session.seek(at + ms);
  };
  return (
    <div className="vg-replay-slider">
      <span aria-hidden="true">{text.minute(from)}</span>
      <div>
        <div className="vg-replay-marks" aria-hidden="true">
          {placed.map(({ share, critical }) => (
            <i key={share} data-critical={critical || undefined} style={{ insetInlineStart: `${share * 100}%` }} />
          ))}
        </div>
        <input
          type="range"
          min={from}
          max={to}
          step={SECOND}
          value={at}
          aria-label={text.text("replay.moment")}
          aria-valuetext={text.time(at)}
          title={text.count("replay.marks", count)}
          onKeyDown={press}
          onChange={(event) => session.seek(Number(event.target.value))}
        />
      </div>
      <span aria-hidden="true">{text.minute(to)}</span>
    </div>
  );
}
