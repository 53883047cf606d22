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

/** How the connection is, and the button that tries again. */
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

/** Holds the agents still for a reader (WCAG 2.2.2); news keeps coming in and shows on `resume`. */
export function usePaused(): Pause {
  const client = useAgentClient();
  const paused = useSyncExternalStore(
    client.subscribe,
    () => client.paused,
    () => false,
  );
  return useMemo(() => ({ paused, pause: client.pause, resume: client.resume }), [paused, client]);
}
