import type { ListView } from "../model/list-view.ts";
import type { TeamPath } from "../model/team-path.ts";
import { viewWords } from "../model/view-words.ts";
import { useBoard } from "./board-context.ts";
import { useCenterZone } from "./center-zone.ts";
import { usePrinting } from "./printing.ts";

/** Says on paper when it was printed, and what the list leaves out. */
export default function PrintFacts({ view, teams }: { view: ListView; teams: readonly TeamPath[] }) {
  const { text, clock } = useBoard();
  const zone = useCenterZone();
  if (!usePrinting()) return null;
  const time = text.text("print.at", { time: text.dateTime(clock.now(), zone), zone });
  return <p className="vg-print-only vg-print-facts">{[time, ...viewWords(view, teams, text)].join(" · ")}</p>;
}
