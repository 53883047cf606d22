import { useRef } from "react";
import { clockText } from "../model/format.ts";
import { isPressed, pressed, type Summary, TILES, type Tile } from "../model/summary.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { useOneTabStop } from "./keys/one-tab-stop.ts";

const TILE_TONE: Readonly<Record<Tile, string>> = {
  all: "plain",
  available: "ok",
  ringing: "call",
  onContact: "call",
  onHold: "hold",
  acw: "wrap",
  away: "quiet",
  missed: "bad",
  error: "bad",
  offline: "quiet",
};

interface TilesProps {
  summary: Summary;
  view: View;
  onView: (view: View) => void;
  /** False until the first agents arrive. The tiles then show dashes instead of zeros. */
  known: boolean;
}

/** A line of counts that add up to the number of agents. Each is a button that filters the agents. */
export function Tiles({ summary, view, onView, known }: TilesProps) {
  const text = useText();
  const line = useRef<HTMLDivElement>(null);
  const oneStop = useOneTabStop(line, "button");
  return (
    <section className="vg-tiles" aria-label={text.text("tile.heading")}>
      <div ref={line} className="vg-tile-line" role="toolbar" aria-label={text.text("tile.heading")} {...oneStop}>
        {TILES.map((tile) => {
          const count = summary.counts[tile];
          const over = summary.overLimit[tile];
          return (
            <button
              key={tile}
              type="button"
              className="vg-tile"
              data-tone={TILE_TONE[tile]}
              data-zero={(known && count === 0) || undefined}
              aria-pressed={isPressed(tile, view)}
              title={known ? note(tile, summary, text) : undefined}
              onClick={() => onView(pressed(tile, view))}
            >
              <span className="vg-tile-name">{text.text(`tile.${tile}`)}</span>{" "}
              <span className="vg-tile-count">{known ? text.number(count) : text.text("table.none")}</span>
              {known && over > 0 && (
                <span className="vg-tile-over">
                  <span aria-hidden="true"> {text.number(over)} ↑</span>
                  <span className="vg-hidden">({text.count("tile.overLimit", over)})</span>
                </span>
              )}
            </button>
          );
        })}
      </div>
    </section>
  );
}

/** More about a count: how long, and how many are over a limit. Undefined = nothing. */
function note(tile: Tile, summary: Summary, text: Text): string | undefined {
  const over = summary.overLimit[tile];
  const words = [...details(tile, summary, text), ...(over === 0 ? [] : [text.count("tile.overLimit", over)])];
  return words.length === 0 ? undefined : words.join(" · ");
}

function details(tile: Tile, { counts, stale, ...times }: Summary, text: Text): string[] {
  const time = (key: "tile.longest" | "tile.average", seconds: number | null) =>
    seconds === null ? [] : [text.text(key, { time: clockText(seconds) })];
  switch (tile) {
    case "all": {
      const signedIn = text.count("tile.signedIn", counts.all - counts.offline);
      return stale === 0 ? [signedIn] : [signedIn, text.count("tile.stale", stale)];
    }
    case "available":
      return time("tile.longest", times.longestAvailable);
    case "onContact":
      return time("tile.average", times.averageCall);
    case "acw":
      return time("tile.average", times.averageAcw);
    case "away":
      return times.awayNames.length === 0 ? [] : [text.list(times.awayNames.slice(0, 3))];
    case "ringing":
    case "onHold":
    case "missed":
    case "error":
    case "offline":
      return [];
  }
}
