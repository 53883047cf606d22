import type { AgentView } from "../../../client/contract.ts";

/** Names of statuses that an agent can be set to. */
export interface KnownStatuses {
  /** In the order of the language, and those that end the work last. */
  readonly names: readonly string[];
  /** The names under which agents get no more contacts and count as signed out. */
  readonly offline: ReadonlySet<string>;
}

type SeenAgent = Pick<AgentView, "status" | "statusName" | "nextStatus">;

/** Every instance has this status. An administrator of Amazon Connect may have given it another name. */
const OFFLINE = "Offline";
/** With a contact, or without any name, the name of a status is not the agent's own choice. */
const CHOSEN: ReadonlySet<AgentView["status"]> = new Set(["available", "away"]);

/**
 * Returns the statuses that some agent has now or next. Amazon Connect sends the hub no list of all, so a status that nobody uses is
 * missing until somebody chooses it.
 */
export function knownStatuses(agents: readonly SeenAgent[], compare: (a: string, b: string) => number): KnownStatuses {
  const usual = new Set<string>();
  const offline = new Set<string>();
  for (const { status, statusName, nextStatus = null } of agents) {
    if (statusName && status === "offline") offline.add(statusName);
    else if (statusName && CHOSEN.has(status)) usual.add(statusName);
    if (nextStatus) usual.add(nextStatus);
  }
  if (offline.size === 0) offline.add(OFFLINE);
  for (const name of offline) usual.delete(name);
  return { names: [...[...usual].sort(compare), ...[...offline].sort(compare)], offline };
}
