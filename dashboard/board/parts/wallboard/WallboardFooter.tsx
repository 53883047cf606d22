import type { QueueSums } from "../../model/queues.ts";
import { useText } from "../board-context.ts";

interface WallboardFooterProps {
  /** Null = the center has no queues. */
  sums: QueueSums | null;
  page: number;
  pages: number;
  held: boolean;
  /** What is on no page. */
  left: { pinned: number; teams: number };
}

/** How the day went, and which page this is. */
export function WallboardFooter({ sums, page, pages, held, left }: WallboardFooterProps) {
  const text = useText();
  const day =
    sums === null
      ? []
      : [
          text.count("wallboard.received", sums.queued),
          text.count("wallboard.answered", sums.answered),
          text.count("wallboard.abandoned", sums.abandoned),
          ...(sums.serviceLevel === null
            ? []
            : [text.text("wallboard.serviceLevel", { level: text.percent(sums.serviceLevel) })]),
        ];
  return (
    <footer className="vg-wb-footer">
      {day.length > 0 && <p>{`${text.text("wallboard.today")}: ${day.join(" · ")}`}</p>}
      <p className="vg-pages">
        {left.pinned > 0 && <span>{text.count("wallboard.morePinned", left.pinned)}</span>}
        {left.teams > 0 && <span>{text.count("wallboard.moreTeams", left.teams)}</span>}
        {pages > 1 && <span>{text.text(held ? "wallboard.held" : "wallboard.page", { page: page + 1, pages })}</span>}
      </p>
    </footer>
  );
}
