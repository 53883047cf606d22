import { useMemo, useState } from "react";
import type { Severity } from "../../../../protocol/alert.ts";
import type { CenterQueue } from "../../../../protocol/queue.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { QueueOrder } from "../../model/queue-order.ts";
import {
  type Places,
  placesByProfile,
  placesOf,
  type QueueSums,
  queueLevel,
  queueSums,
  severityByQueue,
} from "../../model/queues.ts";
import type { View } from "../../model/view.ts";
import { useBoard, useTick } from "../board-context.ts";

const SEPARATOR = "\n";

/** One queue of the wallboard. */
export interface WallboardQueue {
  queue: CenterQueue;
  severity: Severity | undefined;
  /** Places for chats; null = nobody of its profiles may take one. */
  chats: Places | null;
}

export interface WallboardQueues {
  /** The most urgent first. */
  queues: readonly WallboardQueue[];
  sums: QueueSums;
}

/** Returns the queues of the scope, or those of them that the view names. A queue moves up at once, and down late. */
export function useWallboardQueues(ofTeams: readonly CenterQueue[], scoped: readonly AgentView[], view: View): WallboardQueues {
  const { text } = useBoard();
  const alerts = useAlerts();
  const [order] = useState(() => new QueueOrder());
  const queues = useMemo(() => {
    const named = ofTeams.filter(({ name }) => view.queues.length === 0 || view.queues.includes(name));
    const severities = severityByQueue(alerts);
    const places = placesByProfile(scoped, "chat");
    const found = named.map((queue): WallboardQueue => {
      const { free, max } = placesOf(queue.profiles, places);
      const hasChats = max > 0 && (queue.channels.chat ?? 0) > 0;
      return { queue, severity: severities.get(queue.queueId), chats: hasChats ? { free, max } : null };
    });
    return new Map(found.map((entry) => [entry.queue.queueId, entry]));
  }, [ofTeams, alerts, scoped, view]);
  const ids = useTick((now) => {
    const levelled = [...queues.values()].map(({ queue, severity, chats }) => ({
      queueId: queue.queueId,
      name: queue.name,
      level: queueLevel(queue, severity, now, chats?.free ?? 0),
    }));
    return order.next(levelled, now, text.compare).join(SEPARATOR);
  });
  return useMemo(() => {
    const ordered = ids.split(SEPARATOR).flatMap((id) => queues.get(id) ?? []);
    return { queues: ordered, sums: queueSums(ordered.map(({ queue }) => queue)) };
  }, [ids, queues]);
}
