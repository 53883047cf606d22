import type { AgentView } from "../../../client/contract.ts";

/** Names of statuses that an agent can be set to. */
export interface KnownStatuses {
  /** In the order of the language, and those that may end the work last. */
  readonly names: readonly string[];
  /** The names that only signed-out agents have, and Offline. The reader confirms them. */
  readonly offline: ReadonlySet<string>;
}

type SeenAgent = Pick<AgentView, "status" | "statusName" | "nextStatus">;

/** Every instance has this status. */
const OFFLINE = "Offline";
/** With these statuses, the name is what the agent has chosen. An agent that signed out keeps the name of the status before. */
const CHOSEN: ReadonlySet<AgentView["status"]> = new Set(["available", "away"]);

/**
 * Returns the statuses that some agent has now or next. Amazon Connect sends the hub no list of all, so a status that nobody uses is
 * missing until somebody chooses it.
 */
export function knownStatuses(agents: readonly SeenAgent[], compare: (a: string, b: string) => number): KnownStatuses {
  const usual = new Set<string>();
  const offline = new Set([OFFLINE]);
  for (const { status, statusName, nextStatus = null } of agents) {
    if (statusName && status === "offline") offline.add(statusName);
    else if (statusName && CHOSEN.has(status)) usual.add(statusName);
    if (nextStatus) usual.add(nextStatus);
  }
  usual.delete(OFFLINE);
  for (const name of usual) offline.delete(name);
  return { names: [...[...usual].sort(compare), ...[...offline].sort(compare)], offline };
}
