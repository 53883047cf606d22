import { useState } from "react";
import { REPLAY_SPEEDS, type ReplaySession, type ReplayState } from "../../../client/replay/replay-session.ts";
import { type AlertMark, markBeside } from "../../model/replay/alert-marks.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { useCenterDays } from "./center-days.ts";

const TEN_SECONDS = 10_000;
const MINUTE = 60_000;

interface ReplayControlsProps {
  session: ReplaySession;
  state: ReplayState;
  marks: readonly AlertMark[];
  onTogglePlay: () => void;
}

/** The day, the time, the steps, and how fast it plays. */
export function ReplayControls({ session, state, marks, onTogglePlay }: ReplayControlsProps) {
  const text = useText();
  const { at, keptSince, playing, speed } = state;
  const [last, next] = (["last", "next"] as const).map((way) => markBeside(marks, at, way, keptSince));
  const step = (key: "back1m" | "back10s" | "on10s" | "on1m", ms: number) => (
    <button type="button" className="vg-button" title={text.text(`replay.${key}`)} onClick={() => session.seek(at + ms)}>
      {ms < 0 ? "−" : "+"}
      {text.text(Math.abs(ms) === MINUTE ? "replay.short1m" : "replay.short10s")}
    </button>
  );
  const toAlert = (words: "replay.lastAlert" | "replay.nextAlert", moment: number | null | undefined) => (
    <button
      type="button"
      className="vg-button"
      aria-label={text.text(words)}
      title={text.text(words)}
      disabled={moment == null}
      onClick={() => moment != null && session.seek(moment)}
    >
      {words === "replay.lastAlert" && "‹"}
      <Icon name="flag" />
      {words === "replay.nextAlert" && "›"}
    </button>
  );
  return (
    <div className="vg-replay-controls">
      <div className="vg-replay-place">
        <DayField session={session} state={state} />
        <TimeField session={session} at={at} />
      </div>
      <div className="vg-replay-steps">
        {toAlert("replay.lastAlert", last)}
        {step("back1m", -MINUTE)}
        {step("back10s", -TEN_SECONDS)}
        <button type="button" className="vg-button vg-replay-play" aria-keyshortcuts="Space" onClick={onTogglePlay}>
          <Icon name={playing ? "pause" : "play"} />
          <span>{text.text(playing ? "replay.pause" : "replay.play")}</span>
        </button>
        {step("on10s", TEN_SECONDS)}
        {step("on1m", MINUTE)}
        {toAlert("replay.nextAlert", next)}
      </div>
      <fieldset className="vg-replay-speeds">
        <legend className="vg-hidden">{text.text("replay.speed")}</legend>
        {REPLAY_SPEEDS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === speed}
            title={text.text("replay.timesLong", { speed: each })}
            onClick={() => session.setSpeed(each)}
          >
            {text.text("replay.times", { speed: each })}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function DayField({ session, state: { at, keptSince } }: Pick<ReplayControlsProps, "session" | "state">) {
  const text = useText();
  const center = useCenterDays();
  const today = center.startOfDay(at);
  const days = center.daysOf(keptSince ?? at, session.newest());
  return (
    <label className="vg-replay-field">
      <span>{text.text("replay.day")}</span>
      <select value={today} onChange={(event) => session.seek(center.onDay(at, Number(event.target.value)))}>
        {!days.includes(today) && <option value={today}>{text.day(today)}</option>}
        {days.map((day) => (
          <option key={day} value={day}>
            {text.day(day)}
          </option>
        ))}
      </select>
    </label>
  );
}

function TimeField({ session, at }: { session: ReplaySession; at: number }) {
  const text = useText();
  const center = useCenterDays();
  /** What the reader is typing. While it plays, the field would change under the fingers. */
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <label className="vg-replay-field">
      <span>{text.text("replay.goTo")}</span>
      <input
        type="time"
        step={1}
        value={draft ?? center.timeField(at)}
        onFocus={() => session.pause()}
        onChange={(event) => {
          setDraft(event.target.value);
          const moment = center.readTimeField(event.target.value, at);
          if (moment !== null) session.seek(moment);
        }}
        onBlur={() => setDraft(null)}
      />
    </label>
  );
}
