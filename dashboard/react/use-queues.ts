import { useMemo } from "react";
import type { CenterQueue } from "../../protocol/queue.ts";
import type { QueueContacts } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";
import { useSelected, whole } from "./use-selected.ts";
import { useWatched } from "./use-watched.ts";

/** Returns all queues, or the result of `select`. Renders again only when `isEqual` (default `Object.is`) finds a difference. */
export function useQueues(): readonly CenterQueue[];
export function useQueues<T>(select: (queues: readonly CenterQueue[]) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useQueues(
  select: (queues: readonly CenterQueue[]) => unknown = whole,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({ subscribe: client.subscribeQueues, get: client.queues, getServer: () => client.initial.queues }),
    [client],
  );
  return useSelected(source, select, isEqual);
}

/** Returns one queue or a part of it, undefined for an unknown queue. Changes of other queues do not render the component. */
export function useQueue(queueId: string): CenterQueue | undefined;
export function useQueue<T>(queueId: string, select: (queue: CenterQueue | undefined) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useQueue(
  queueId: string,
  select: (queue: CenterQueue | undefined) => unknown = whole,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({
      subscribe: (listener: () => void) => client.subscribeQueue(queueId, listener),
      get: () => client.queue(queueId),
      getServer: () => client.initial.queues.find((queue) => queue.queueId === queueId),
    }),
    [client, queueId],
  );
  return useSelected(source, select, isEqual);
}

/** What `useQueueContacts` takes. */
export interface QueueContactsOptions {
  /** False: the hub is not asked, and the result is null. */
  enabled?: boolean | undefined;
}

/** Returns who waits in a queue, null without a `queueId`. The hub sends it only while the component is mounted. */
export function useQueueContacts(
  queueId: string | null | undefined,
  { enabled = true }: QueueContactsOptions = {},
): QueueContacts | null {
  const { watchQueue, queueContacts } = useAgentClient();
  return useWatched(enabled && queueId, watchQueue, queueContacts);
}
