import type { RefObject } from "react";
import { STATUS_TILES, type StatusTile } from "../../model/summary.ts";
import type { StatusCounts } from "../../model/team-counts.ts";
import { useText } from "../board-context.ts";

/** The colour of each count. */
export const GROUP_TONE: Readonly<Record<StatusTile, string>> = {
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
/** Shown also when nobody is in them. */
const ALWAYS: ReadonlySet<StatusTile> = new Set(["available", "onContact"]);

interface StatusLineProps {
  counts: StatusCounts;
  ref: RefObject<HTMLUListElement | null>;
}

/** All agents by status, in one line. The counts add up to the first number. */
export function StatusLine({ counts, ref }: StatusLineProps) {
  const text = useText();
  const total = STATUS_TILES.reduce((sum, group) => sum + counts[group], 0);
  return (
    <ul ref={ref} className="vg-wb-counts" aria-label={text.text("wallboard.counts")}>
      <li data-tone="plain" data-count="total">
        <b>{text.number(total)}</b> {text.count("wallboard.total", total)}
      </li>
      {STATUS_TILES.filter((group) => counts[group] > 0 || ALWAYS.has(group)).map((group) => (
        <li key={group} data-tone={GROUP_TONE[group]} data-count={group}>
          <b>{text.number(counts[group])}</b> {text.count(`wallboard.${group}`, counts[group])}
        </li>
      ))}
    </ul>
  );
}
