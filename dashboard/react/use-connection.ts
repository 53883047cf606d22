import { useMemo, useSyncExternalStore } from "react";
import type { Connection } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";

const ON_SERVER: Connection = Object.freeze({
  status: "idle",
  since: 0,
  attempt: 0,
  nextRetryAt: null,
  lastMessageAt: null,
  latencyMs: null,
  error: null,
});

/** Returns the state of the connection, and `reconnect` for a button that starts a new attempt. */
export function useConnection(): Connection & { reconnect: () => void } {
  const client = useAgentClient();
  const connection = useSyncExternalStore(client.subscribeConnection, client.connection, () => ON_SERVER);
  return useMemo(() => ({ ...connection, reconnect: client.reconnect }), [connection, client]);
}

export interface Pause {
  paused: boolean;
  pause: () => void;
  resume: () => void;
}

/** Pauses the agents for a reader (WCAG 2.2.2). Changes still arrive and show on `resume`. */
export function usePaused(): Pause {
  const client = useAgentClient();
  const paused = useSyncExternalStore(
    client.subscribe,
    () => client.paused,
    () => false,
  );
  return useMemo(() => ({ paused, pause: client.pause, resume: client.resume }), [paused, client]);
}
