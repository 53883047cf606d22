import type { BoardAlert } from "./board-alert.ts";
import type { Scope } from "./scope.ts";
import type { TeamPath } from "./team-path.ts";

/** What the scope knows of the subjects of alerts. */
export interface ScopedSubjects {
  scope: Scope;
  /** The hierarchy levels of an agent on the board; undefined = unknown. */
  pathOf: (agentId: string) => TeamPath | undefined;
  /** Ids of the queues on the board, and of those in the scope. */
  knownQueues: ReadonlySet<string>;
  scopedQueues: ReadonlySet<string>;
}

/**
 * Whether the reader has to see the alert. The hub and a queue without groups belong to everybody: if the feed stops, each team's
 * board stands still.
 */
export function alertInScope(
  { scope, pathOf, knownQueues, scopedQueues }: ScopedSubjects,
  { groups, agentId, contactId, queueId }: Pick<BoardAlert, "groups" | "agentId" | "contactId" | "queueId">,
): boolean {
  if (scope.isWhole) return true;
  if (agentId !== null) return scope.hasPath(pathOf(agentId) ?? groups);
  if (contactId !== null) return scope.hasPath(groups);
  if (groups.length === 0) return true;
  return queueId !== null && knownQueues.has(queueId) ? scopedQueues.has(queueId) : scope.mayHave(groups);
}

/** Whether the alert waits for somebody: it fires, nobody has acknowledged it, and the reader has not muted its rule. */
export function isOpen({ firing, acknowledged, rule }: BoardAlert, mutedRules: readonly string[]): boolean {
  return firing && !acknowledged && !mutedRules.includes(rule);
}
