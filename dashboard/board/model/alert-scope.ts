import type { BoardAlert } from "./board-alert.ts";
import type { Scope } from "./scope.ts";

/**
 * Whether the reader has to see the alert. The hub and a queue without groups belong to everybody: if the feed stops, each team's
 * board stands still.
 */
export function alertInScope(scope: Scope, alert: Pick<BoardAlert, "groups" | "agentId" | "contactId">): boolean {
  const shared = alert.agentId === null && alert.contactId === null && alert.groups.length === 0;
  return shared || scope(alert.groups);
}

/** Whether the alert waits for somebody: it fires, nobody has acknowledged it, and the reader has not muted its rule. */
export function isOpen({ firing, acknowledged, rule }: BoardAlert, mutedRules: readonly string[]): boolean {
  return firing && !acknowledged && !mutedRules.includes(rule);
}
