import { clockText } from "../../model/format.ts";
import type { Text } from "../../text/text.ts";

interface DayFigureValues {
  readonly handled: number;
  readonly missed: number;
  readonly averageHandleMs: number | null;
  /** 0 to 1. */
  readonly occupancy: number | null;
}

/** The figures of the day of an agent or a team, for example `12 handled · AHT 4:10`. What is not known is left out. */
export function figureWords({ handled, missed, averageHandleMs, occupancy }: DayFigureValues, text: Text): string {
  return [
    text.count("team.handled", handled),
    missed > 0 && text.count("team.missed", missed),
    averageHandleMs !== null && text.text("team.aht", { time: clockText(averageHandleMs / 1000) }),
    occupancy !== null && text.text("team.occupancy", { share: text.percent(occupancy) }),
  ]
    .filter((word) => word !== false)
    .join(" · ");
}
