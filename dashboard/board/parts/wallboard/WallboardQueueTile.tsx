import { queueLevel } from "../../model/queues.ts";
import { useText, useTick } from "../board-context.ts";
import { Counting } from "../cells.tsx";
import { goalWords, isBelowGoal } from "../queues/queue-words.ts";
import { LevelMark } from "./LevelMark.tsx";
import type { WallboardQueue } from "./wallboard-queues.ts";

/** One queue: how many wait, how long, who could answer, and how the day goes. */
export function WallboardQueueTile({ entry: { queue, severity, chats } }: { entry: WallboardQueue }) {
  const text = useText();
  const level = useTick((now) => queueLevel(queue, severity, now, chats?.free ?? 0));
  const { serviceLevel, abandoned } = queue.today;
  const free = chats?.free ?? queue.available;
  return (
    <li className="vg-wb-queue" data-queue={queue.queueId} data-severity={level}>
      <p className="vg-wb-queue-head">
        {level !== "calm" && <LevelMark level={level === "critical" ? "critical" : "warn"} />}
        <b>{queue.name}</b>
        <span data-none={free === 0 || undefined}>
          {chats !== null
            ? text.text("queue.placesShort", { free: text.number(chats.free), max: text.number(chats.max) })
            : queue.available !== null && text.count("wallboard.queueAvailable", queue.available)}
        </span>
      </p>
      <p className="vg-wb-queue-waiting" data-zero={queue.waiting === 0 || undefined}>
        {text.number(queue.waiting)}
        <span className="vg-hidden"> {text.count("queue.waiting", queue.waiting)}</span>
      </p>
      <p className="vg-wb-queue-wait">
        {queue.oldestSince === null ? (
          <span data-zero="">{text.text("queue.nobody")}</span>
        ) : (
          <>
            {text.text("queue.oldest")} <Counting since={queue.oldestSince} />
          </>
        )}
      </p>
      <p className="vg-wb-queue-day">
        {serviceLevel === null ? (
          text.count("queue.abandoned", abandoned)
        ) : (
          <>
            <span data-below={isBelowGoal(serviceLevel) || undefined}>
              {text.text("queue.level", { level: text.percent(serviceLevel) })}
            </span>
            {` · ${goalWords(text)}`}
          </>
        )}
      </p>
    </li>
  );
}
