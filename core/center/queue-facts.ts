import type { QueueFacts } from "../alerts/facts.ts";
import type { QueueNews } from "../queues/queue-board.ts";

/** Derives the facts about a queue that the alerts are decided by. */
export function queueFacts({ queueId, row, confirmedAt }: QueueNews): QueueFacts {
  return {
    kind: "queue",
    queueId,
    going: row !== null,
    name: row?.name ?? "",
    groups: row?.groups ?? [],
    waiting: row?.waiting ?? null,
    oldestSince: row?.oldestSince ?? null,
    available: row?.available ?? null,
    serviceLevel: row?.today.serviceLevel ?? null,
    counted: row?.today.queued ?? null,
    confirmedAt,
  };
}
