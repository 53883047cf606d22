import { alertName, alertWords } from "../../model/alert-words.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import { useText } from "../board-context.ts";
import { Counting } from "../cells.tsx";

/** An alert about a queue or the hub as a card of the wallboard. */
export function AlertCard({ alert }: { alert: BoardAlert }) {
  const text = useText();
  return (
    <article className="vg-card">
      <div className="vg-card-head">
        <b>{alertName(alert, text)}</b>
        <span className="vg-card-time" data-level={alert.level}>
          <Counting since={alert.since} />
        </span>
      </div>
      <p>
        <span className="vg-hidden">{text.text(`alertLevel.${alert.level}`)}: </span>
        {alertWords(alert, text)}
      </p>
    </article>
  );
}
