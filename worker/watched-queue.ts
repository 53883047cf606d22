import * as v from "valibot";
import { type QueueQuarter, queueQuarterSchema, type WaitingContact, waitingContactSchema } from "../protocol/queue.ts";

/** What a viewer that watches a queue gets, and the groups that decide who may. */
export interface WatchedQueue {
  contacts: WaitingContact[];
  quarters: QueueQuarter[];
  groups: readonly string[];
}

const watchedQueueSchema = v.nullable(
  v.object({
    contacts: v.fallback(v.array(waitingContactSchema), []),
    quarters: v.fallback(v.array(queueQuarterSchema), []),
    groups: v.fallback(v.array(v.string()), []),
  }),
);

/** Reads a primary's answer. null = there is no such queue. @throws ValiError when it is no answer. */
export function readWatchedQueue(answer: unknown): WatchedQueue | null {
  return v.parse(watchedQueueSchema, answer);
}

const storedSchema = v.fallback(v.object({ queues: v.fallback(v.array(v.string()), []) }), { queues: [] });

/** The queues that a socket watches, as it keeps them through hibernation. A socket may be older than the code. */
export function storedQueues(socket: WebSocket): string[] {
  return v.parse(storedSchema, socket.deserializeAttachment()).queues;
}

/** Adds the watched queues to what a socket keeps. false = it does not fit into the 16,384 bytes of an attachment. */
export function saveQueues(socket: WebSocket, queues: readonly string[]): boolean {
  try {
    const kept: unknown = socket.deserializeAttachment();
    socket.serializeAttachment({ ...(typeof kept === "object" ? kept : {}), queues });
    return true;
  } catch {
    return false;
  }
}
