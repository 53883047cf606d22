import type { Connection } from "./contract.ts";

/** Returns the state of a connection that nobody has opened yet. */
export function idleConnection(now: number): Connection {
  return {
    status: "idle",
    since: now,
    attempt: 0,
    nextRetryAt: null,
    lastMessageAt: null,
    latencyMs: null,
    transport: null,
    error: null,
    cause: null,
  };
}
