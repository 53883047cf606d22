import { queueLevel } from "../../model/queues.ts";
import { useText, useTick } from "../board-context.ts";
import { Counting } from "../cells.tsx";
import { goalWords } from "../queues/queue-words.ts";
import { useServiceLevelGoal } from "../queues/service-level-goal.ts";
import { LevelMark } from "./LevelMark.tsx";
import type { WallboardQueue } from "./wallboard-queues.ts";

interface WallboardQueueTileProps {
  entry: WallboardQueue;
  /** True: the first line has place for the name only. */
  narrow: boolean;
}

/** One queue: how many wait, how long, who could answer, and how the day goes. */
export function WallboardQueueTile({ entry: { queue, severity, chats }, narrow }: WallboardQueueTileProps) {
  const text = useText();
  const level = useTick((now) => queueLevel(queue, severity, now, chats?.free ?? 0));
  const { serviceLevel, abandoned } = queue.today;
  const goal = useServiceLevelGoal(queue);
  const free = chats?.free ?? queue.available;
  const freeWords =
    free === null ? null : (
      <span className="vg-wb-free" data-none={free === 0 || undefined}>
        {text.count(chats === null ? "wallboard.free" : "wallboard.freePlaces", free)}
      </span>
    );
  return (
    <li className="vg-wb-queue" data-queue={queue.queueId} data-severity={level} data-narrow={narrow || undefined}>
      <p className="vg-wb-queue-head">
        {level !== "calm" && <LevelMark level={level === "critical" ? "critical" : "warn"} />}
        <b>{queue.name}</b>
        {!narrow && freeWords}
      </p>
      <QueueNow waiting={queue.waiting} oldestSince={queue.oldestSince} />
      <p className="vg-wb-queue-day">
        {narrow && freeWords !== null && <>{freeWords} · </>}
        {serviceLevel === null ? (
          text.count("queue.abandoned", abandoned)
        ) : (
          <>
            <span data-below={serviceLevel < goal || undefined}>
              {text.text("queue.level", { level: text.percent(serviceLevel) })}
            </span>
            {!narrow && ` · ${goalWords(text, goal)}`}
          </>
        )}
      </p>
    </li>
  );
}

interface QueueNowProps {
  waiting: number;
  /** Since when the first one waits, epoch ms; null = nobody waits. */
  oldestSince: number | null;
}

/** How many wait, and how long the first of them. */
export function QueueNow({ waiting, oldestSince }: QueueNowProps) {
  const text = useText();
  return (
    <p className="vg-wb-queue-now" data-zero={waiting === 0 || undefined}>
      <b>
        {text.number(waiting)}
        <span className="vg-hidden"> {text.count("queue.waiting", waiting)}, </span>
      </b>
      {oldestSince === null ? (
        <span>{text.text("queue.nobody")}</span>
      ) : (
        <span>
          {text.text("queue.oldest")} <Counting since={oldestSince} />
        </span>
      )}
    </p>
  );
}
