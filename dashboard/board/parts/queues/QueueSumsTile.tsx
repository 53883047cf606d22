import type { ReactNode } from "react";
import type { QueueSums } from "../../model/queues.ts";
import { useText } from "../board-context.ts";
import { QueueWait } from "./QueueTile.tsx";
import { useServiceLevelGoal } from "./service-level-goal.ts";

interface QueueSumsTileProps {
  sums: QueueSums;
  /** Queues that are out of sight on the wallboard. */
  more: number;
  /** The button that shows all queues, in place of their number. */
  children?: ReactNode;
}

/** All queues together. */
export function QueueSumsTile({ sums, more, children }: QueueSumsTileProps) {
  const text = useText();
  const goal = useServiceLevelGoal(null);
  return (
    <article className="vg-queue" data-severity="calm" data-sums="">
      <div className="vg-queue-head">
        <b className="vg-queue-name">{text.text("queue.sum")}</b>
        <span className="vg-queue-staff">
          {children ?? (more > 0 ? text.count("queue.more", more) : text.count("queue.count", sums.queues))}
        </span>
      </div>
      <div className="vg-queue-body">
        <b className="vg-queue-waiting" data-zero={sums.waiting === 0 || undefined}>
          {text.number(sums.waiting)}
        </b>
        <div className="vg-queue-lines">
          <p>
            <span className="vg-hidden">{text.count("queue.waiting", sums.waiting)}, </span>
            <QueueWait queue={sums} />
          </p>
          <p>
            {text.count("queue.received", sums.queued)}
            {sums.serviceLevel !== null && (
              <>
                {" · "}
                <span data-below={sums.serviceLevel < goal || undefined}>
                  {text.text("queue.level", { level: text.percent(sums.serviceLevel) })}
                </span>
              </>
            )}
          </p>
          <p className="vg-queue-day">
            {`${text.count("queue.answered", sums.answered)} · ${text.count("queue.abandoned", sums.abandoned)}`}
          </p>
        </div>
      </div>
    </article>
  );
}
