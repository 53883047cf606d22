import { queueSums } from "../../model/queues.ts";
import type { QueueTilePlan } from "../../model/wall-queues.ts";
import { useText } from "../board-context.ts";
import { QueueNow, WallboardQueueTile } from "./WallboardQueueTile.tsx";
import type { WallboardQueue } from "./wallboard-queues.ts";

interface WallboardQueueTilesProps {
  queues: readonly WallboardQueue[];
  plan: QueueTilePlan;
}

/** The queues as large tiles, the most urgent first. The last tile counts those that do not fit. */
export function WallboardQueueTiles({ queues, plan }: WallboardQueueTilesProps) {
  const text = useText();
  if (queues.length === 0) return null;
  const rest = queues.slice(plan.shown);
  const sums = queueSums(rest.map(({ queue }) => queue));
  return (
    <ul
      className="vg-wb-queues"
      aria-label={text.text("queue.strip")}
      data-low={plan.low || undefined}
      style={{ gridTemplateColumns: `repeat(${plan.columns}, minmax(0, 1fr))` }}
    >
      {queues.slice(0, plan.shown).map((entry) => (
        <WallboardQueueTile key={entry.queue.queueId} entry={entry} narrow={plan.narrow} />
      ))}
      {rest.length > 0 && (
        <li className="vg-wb-queue" data-rest="" data-severity="calm">
          <p className="vg-wb-queue-head">
            <b>{text.count("wallboard.moreQueues", rest.length)}</b>
          </p>
          <QueueNow waiting={sums.waiting} oldestSince={sums.oldestSince} />
          <p className="vg-wb-queue-day">{text.count("queue.abandoned", sums.abandoned)}</p>
        </li>
      )}
    </ul>
  );
}
