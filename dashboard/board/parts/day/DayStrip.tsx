import { memo } from "react";
import type { AgentSpell, DayContact, SpellKind } from "../../../../protocol/agent-day.ts";
import { dayStrip, type StripBar, type TimeWindow } from "../../model/day/day-strip.ts";
import { spellWords } from "../../model/day/day-words.ts";
import { axisMarks, type ZoneTime } from "../../model/day/zone-time.ts";
import { toneOf } from "../../model/sentiment-label.ts";
import { useText } from "../board-context.ts";

/** Units of the drawing. It is stretched to the width of its place. */
const WIDTH = 1000;
const BAND = 20;
const MARK_AT = 23;
const MARK = 4;
/** A call of seconds must still be seen in a strip of eight hours. */
const MIN_WIDTH = 1.5;

interface DayStripProps {
  spells: readonly AgentSpell[];
  contacts: readonly DayContact[];
  window: TimeWindow;
  /** Where what goes on is drawn to, epoch ms on the hub's clock. */
  now: number;
  zone: ZoneTime;
  /** The day in words. */
  label: string;
}

/** Draws a day: the agent's own statuses as soft areas, its contacts upon them, and the sentiment of each contact below. */
export const DayStrip = memo(function DayStrip({ spells, contacts, window, now, zone, label }: DayStripProps) {
  const text = useText();
  const strip = dayStrip({ spells, contacts }, window, now);
  const title = ({ spell }: StripBar) =>
    `${zone.minute(spell.since)}–${zone.minute(spell.until ?? now)} ${spellWords(spell, text)}${spell.queue === null ? "" : `, ${spell.queue}`}`;
  return (
    <svg className="vg-strip" viewBox={`0 0 ${WIDTH} ${MARK_AT + MARK}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {[...strip.statuses, ...strip.contacts].map((bar) => (
        <rect
          key={bar.key}
          data-kind={bar.spell.kind}
          x={bar.x * WIDTH}
          width={Math.max(bar.spell.contactId === null ? 0 : MIN_WIDTH, bar.width * WIDTH)}
          y={bar.spell.kind === "unknown" ? BAND * 0.4 : bar.y * BAND}
          height={bar.spell.kind === "unknown" ? BAND * 0.2 : bar.height * BAND}
        >
          <title>{title(bar)}</title>
        </rect>
      ))}
      {strip.marks.map(({ contactId, x, width, score }) => (
        <rect
          key={`score ${contactId}`}
          className="vg-strip-score"
          data-tone={toneOf(score)}
          x={x * WIDTH}
          width={Math.max(MIN_WIDTH, width * WIDTH)}
          y={MARK_AT}
          height={MARK}
        >
          <title>{text.score(score)}</title>
        </rect>
      ))}
    </svg>
  );
});

/** The hours below a strip, or above many. */
export function DayAxis({ window, dayFrom, zone }: { window: TimeWindow; dayFrom: number; zone: ZoneTime }) {
  const length = Math.max(1, window.to - window.from);
  return (
    <div className="vg-day-axis" aria-hidden="true">
      {axisMarks(window, dayFrom).map((at) => {
        const place = (at - window.from) / length;
        // A mark at the very edge would be cut off.
        return place < 0.02 || place > 0.97 ? null : (
          <span key={at} style={{ insetInlineStart: `${place * 100}%` }}>
            {zone.minute(at)}
          </span>
        );
      })}
    </div>
  );
}

/** What the colours mean. Only those that are there. */
export function DayLegend({ spells }: { spells: readonly Pick<AgentSpell, "kind">[] }) {
  const text = useText();
  const kinds = LEGEND.filter((kind) => spells.some((spell) => spell.kind === kind));
  return (
    <ul className="vg-day-legend" aria-hidden="true">
      {kinds.map((kind) => (
        <li key={kind} data-kind={kind}>
          {spellWords({ kind, status: null, channel: null }, text)}
        </li>
      ))}
    </ul>
  );
}

const LEGEND: readonly SpellKind[] = [
  "available",
  "on a call",
  "on a contact",
  "on hold",
  "after call work",
  "ringing",
  "missed",
  "error",
  "paused",
  "away",
  "unknown",
];
