import { useMemo, useRef, useState } from "react";
import type { CenterQueue } from "../../../../protocol/queue.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { QueueOrder } from "../../model/queue-order.ts";
import { chatQueues, placesByProfile, placesOf, queueLevel, queueSums, severityByQueue } from "../../model/queues.ts";
import type { View } from "../../model/view.ts";
import { useBoard, useTick } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { useRovingFocus } from "../roving-focus.ts";
import { useHiddenTiles } from "./hidden-tiles.ts";
import { QueueSumsTile } from "./QueueSumsTile.tsx";
import { QueueTile } from "./QueueTile.tsx";

/** Milliseconds that the tiles keep their places after the reader's last movement over them. */
const HOLD_MS = 5000;
/** Queues that fit into one row of large tiles on a wallboard. */
const ONE_ROW = 5;
const SEPARATOR = "\n";

interface QueueStripProps {
  /** The queues in the reader's scope. */
  queues: readonly CenterQueue[];
  /** All agents whom the reader may see: a place for a chat is free, whoever's team it is in. */
  agents: readonly AgentView[];
  view: View;
  selected: string | null;
  /** Null on the wallboard. */
  onOpen: ((queueId: string) => void) | null;
}

/** A row of tiles, one per queue, the most urgent first, and their sums. Shows nothing for a center without queues. */
export function QueueStrip({ queues, agents, view, selected, onOpen }: QueueStripProps) {
  const { text, clock } = useBoard();
  const alerts = useAlerts();
  const severities = useMemo(() => severityByQueue(alerts), [alerts]);
  const sums = useMemo(() => queueSums(queues), [queues]);
  const places = useMemo(() => placesByProfile(agents, "chat"), [agents]);
  const withChats = useChatQueues(queues, agents);
  const chatPlaces = useMemo(() => {
    const found = queues
      .filter(({ name }) => withChats.has(name))
      .map((queue) => [queue.queueId, placesOf(queue.profiles, places)] as const);
    return new Map(found.filter(([, { max }]) => max > 0));
  }, [queues, withChats, places]);
  const order = useMemo(() => new QueueOrder(), []);
  const lastUse = useRef(Number.NEGATIVE_INFINITY);
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const hidden = useHiddenTiles(list, queues.length, all);

  const ids = useTick((now) => {
    const levelled = queues.map((queue) => ({
      queueId: queue.queueId,
      name: queue.name,
      level: queueLevel(queue, severities.get(queue.queueId), now, chatPlaces.get(queue.queueId)?.free ?? 0),
    }));
    return order.next(levelled, now, text.compare, now - lastUse.current < HOLD_MS).join(SEPARATOR);
  });
  const shown = ids.split(SEPARATOR);
  const focus = useRovingFocus(shown);
  if (queues.length === 0) return null;

  const byId = new Map(queues.map((queue) => [queue.queueId, queue]));
  const hold = () => {
    lastUse.current = clock.now();
  };
  return (
    <section
      className="vg-queues"
      aria-label={text.text("queue.strip")}
      data-all={all || undefined}
      data-many={queues.length > ONE_ROW || undefined}
    >
      <ul
        ref={list}
        onPointerMove={hold}
        onPointerDown={hold}
        onKeyDown={(event) => {
          hold();
          focus.onKeyDown(event);
        }}
        onFocus={(event) => {
          hold();
          focus.onFocus(event);
        }}
        onPointerLeave={() => {
          lastUse.current = Number.NEGATIVE_INFINITY;
        }}
      >
        {shown.map((queueId) => {
          const queue = byId.get(queueId);
          if (queue === undefined) return null;
          const chats = chatPlaces.get(queueId);
          return (
            <li key={queueId}>
              <QueueTile
                queueId={queueId}
                severity={severities.get(queueId)}
                freePlaces={chats?.free ?? null}
                allPlaces={chats?.max ?? null}
                selected={selected === queueId}
                filtered={view.queues.includes(queue.name)}
                isStop={queueId === focus.stop}
                onOpen={onOpen}
              />
            </li>
          );
        })}
      </ul>
      <div className="vg-queue-sums">
        <QueueSumsTile sums={sums} more={onOpen === null ? hidden : 0}>
          {onOpen !== null && (all || hidden > 0) ? (
            <button type="button" className="vg-queue-all" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? text.text("queue.showRow") : text.text("queue.showAll", { count: text.number(queues.length) })}
              <Icon name={all ? "up" : "down"} />
            </button>
          ) : null}
        </QueueSumsTile>
      </div>
    </section>
  );
}

/** Returns the names of the queues that have had a chat since the page was opened. A tile keeps its shape when the last chat ends. */
function useChatQueues(...[queues, agents]: Parameters<typeof chatQueues>): ReadonlySet<string> {
  const seen = useRef<ReadonlySet<string>>(new Set());
  return useMemo(() => {
    const now = chatQueues(queues, agents);
    if ([...now].some((name) => !seen.current.has(name))) seen.current = new Set([...seen.current, ...now]);
    return seen.current;
  }, [queues, agents]);
}
