import { clockText } from "../model/format.ts";
import type { RulesAnswer } from "../model/rules-answer.ts";
import { isPressed, pressed, type Summary, TILES, type Tile } from "../model/summary.ts";
import type { View } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { useBoard } from "./board-context.ts";

const TILE_TONE: Readonly<Record<Tile, string>> = {
  loggedIn: "plain",
  available: "ok",
  onCall: "call",
  onHold: "hold",
  wrapUp: "wrap",
  away: "quiet",
  falling: "bad",
};

interface TilesProps {
  summary: Summary;
  view: View;
  onView: (view: View) => void;
  /** False until the first agents arrive. The tiles then show dashes instead of zeros. */
  known: boolean;
}

/** Shows the counts. Each tile is a button that filters the agents. */
export function Tiles({ summary, view, onView, known }: TilesProps) {
  const { text, rules } = useBoard();
  return (
    <section className="vg-tiles" aria-label={text.text("tile.heading")}>
      {TILES.map((tile) => (
        <button
          key={tile}
          type="button"
          className="vg-tile"
          data-tone={TILE_TONE[tile]}
          data-zero={(known && summary.counts[tile] === 0) || undefined}
          aria-pressed={isPressed(tile, view)}
          onClick={() => onView(pressed(tile, view))}
        >
          <span className="vg-tile-name">{text.text(`tile.${tile}`)}</span>
          <span className="vg-tile-count">{known ? text.number(summary.counts[tile]) : text.text("table.none")}</span>
          <span className="vg-tile-note">{known ? note(tile, summary, rules, text) : "\u00A0"}</span>
        </button>
      ))}
    </section>
  );
}

function note(tile: Tile, summary: Summary, { rules }: RulesAnswer, text: Text): string {
  const average = (seconds: number | null) => (seconds === null ? null : text.text("tile.average", { time: clockText(seconds) }));
  const over = summary.overLimit[tile] === 0 ? null : text.count("tile.overLimit", summary.overLimit[tile]);
  // A tile has place for one of the two. Who is over a limit needs a hand.
  const firstOf = (...words: (string | null)[]) => words.find((word) => word !== null) ?? "\u00A0";
  switch (tile) {
    case "loggedIn":
      return summary.stale === 0
        ? text.text("tile.of", { total: text.number(summary.total) })
        : text.count("tile.stale", summary.stale, { total: text.number(summary.total) });
    case "available":
      return summary.longestAvailable === null
        ? "\u00A0"
        : text.text("tile.longest", { time: clockText(summary.longestAvailable) });
    case "onCall":
      return firstOf(over, average(summary.averageCall));
    case "onHold":
      return summary.counts.onHold === 0 ? "\u00A0" : text.count("tile.overLimit", summary.overLimit.onHold);
    case "wrapUp":
      return firstOf(over, average(summary.averageWrapUp));
    case "away":
      return firstOf(over, summary.awayNames.length === 0 ? null : text.list(summary.awayNames.slice(0, 2)));
    case "falling": {
      const rule = rules.find(({ watch, enabled }) => watch === "sentimentFall" && enabled);
      const points = rule?.warning ?? rule?.critical;
      return points === undefined ? text.text("tile.noRule") : text.text("tile.fallRule", { points: text.number(points) });
    }
  }
}
