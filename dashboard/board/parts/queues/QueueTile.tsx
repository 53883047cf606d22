import { memo, useId } from "react";
import type { Severity } from "../../../../protocol/alert.ts";
import type { CenterQueue } from "../../../../protocol/queue.ts";
import { useQueue } from "../../../react/use-queues.ts";
import { queueLevel } from "../../model/queues.ts";
import { useText, useTick } from "../board-context.ts";
import { Counting } from "../cells.tsx";
import { Icon } from "../Icon.tsx";
import { availableWords, goalWords, serviceLevelWords } from "./queue-words.ts";
import { useServiceLevelGoal } from "./service-level-goal.ts";

interface QueueTileProps {
  queueId: string;
  severity: Severity | undefined;
  /** Free and all places for chats. Null = the queue has no chats. */
  freePlaces: number | null;
  allPlaces: number | null;
  selected: boolean;
  /** Whether the list of agents shows only this queue's. */
  filtered: boolean;
  /** Whether Tab goes to this tile. Arrow keys go to the others. */
  isStop: boolean;
  /** Null on the wallboard, where nobody can press a tile. */
  onOpen: ((queueId: string) => void) | null;
}

/** One queue: who waits, how long, who could answer, and how the day went. */
export const QueueTile = memo(function QueueTile(props: QueueTileProps) {
  const queue = useQueue(props.queueId);
  return queue === undefined ? null : <Tile {...props} queue={queue} />;
});

function Tile({
  queue,
  severity,
  freePlaces,
  allPlaces,
  selected,
  filtered,
  isStop,
  onOpen,
}: QueueTileProps & { queue: CenterQueue }) {
  const text = useText();
  const description = useId();
  const level = useTick((now) => queueLevel(queue, severity, now, freePlaces ?? 0));
  const available = availableWords(queue, text);
  const goal = useServiceLevelGoal(queue);
  const places =
    freePlaces === null || allPlaces === null ? null : { free: text.number(freePlaces), max: text.number(allPlaces) };
  // Always one line, so that the tile and all below it keep their places.
  const notes = [
    queue.ringing > 0 && text.count("queue.ringing", queue.ringing),
    queue.scheduled > 0 && text.count("queue.scheduled", queue.scheduled),
    (queue.silent ?? 0) > 0 && text.count("queue.silent", queue.silent ?? 0),
    places !== null && available !== null && available,
  ]
    .filter((word) => word !== false)
    .join(" · ");
  return (
    <article className="vg-queue" data-queue={queue.queueId} data-severity={level} data-selected={selected || undefined}>
      <div className="vg-queue-head">
        {level !== "calm" && (
          <span className="vg-queue-mark">
            <Icon name={level} />
            <span className="vg-hidden">{text.text(`queue.level.${level}`)}: </span>
          </span>
        )}
        {onOpen === null ? (
          <b className="vg-queue-name">{queue.name}</b>
        ) : (
          <button
            type="button"
            className="vg-queue-name"
            title={queue.name}
            tabIndex={isStop ? 0 : -1}
            data-stop={queue.queueId}
            aria-haspopup="dialog"
            aria-expanded={selected}
            aria-describedby={description}
            onClick={() => onOpen(queue.queueId)}
          >
            {queue.name}
          </button>
        )}
        {filtered && (
          <span className="vg-queue-filtered" title={text.text("queue.filter")}>
            <Icon name="funnel" />
            <span className="vg-hidden">{text.text("queue.filter")}</span>
          </span>
        )}
        <span className="vg-queue-staff" data-none={(freePlaces ?? queue.available) === 0 || undefined}>
          {places === null ? (
            available
          ) : (
            <>
              <span className="vg-hidden">{text.text("queue.places", places)}</span>
              <span aria-hidden="true" title={text.text("queue.places", places)}>
                {text.text("queue.placesShort", places)}
              </span>
            </>
          )}
        </span>
      </div>
      <div className="vg-queue-body">
        <b className="vg-queue-waiting" data-zero={queue.waiting === 0 || undefined}>
          {text.number(queue.waiting)}
        </b>
        <div className="vg-queue-lines">
          <p id={description}>
            <span className="vg-hidden">{text.count("queue.waiting", queue.waiting)}, </span>
            <QueueWait queue={queue} />
          </p>
          <p title={notes}>{notes || "\u00A0"}</p>
          <p className="vg-queue-day" title={serviceLevelWords(queue, text) ?? undefined}>
            {queue.today.serviceLevel !== null && (
              <>
                <span data-below={queue.today.serviceLevel < goal || undefined}>
                  {text.text("queue.level", { level: text.percent(queue.today.serviceLevel) })}
                </span>
                {` · ${goalWords(text, goal)} · `}
              </>
            )}
            {text.count("queue.abandoned", queue.today.abandoned)}
          </p>
        </div>
      </div>
    </article>
  );
}

/** Says how long the first one waits, or that nobody waits. */
export function QueueWait({ queue }: { queue: Pick<CenterQueue, "oldestSince"> }) {
  const text = useText();
  if (queue.oldestSince === null) return <span>{text.text("queue.nobody")}</span>;
  return (
    <span className="vg-queue-oldest">
      {text.text("queue.oldest")} <Counting since={queue.oldestSince} />
    </span>
  );
}
