import { digest } from "./digest.ts";

/**
 * Which agents a viewer may see. `null` = no limit; otherwise the agents that share at least one of these groups.
 */
export type GroupLimit = readonly string[] | null;

/** The same text for the same limit, whatever the order or repetition of the groups: viewers with one key get one serialised frame. */
export function limitKey(limit: GroupLimit): string {
  return limit === null ? "*" : JSON.stringify([...new Set(limit)].sort());
}

export function mayView(limit: GroupLimit, groups: Iterable<string>): boolean {
  if (limit === null) return true;
  for (const group of groups) if (limit.includes(group)) return true;
  return false;
}

/**
 * The epoch as viewers of one limit are told it. A position earned under one limit proves nothing under another: whoever comes
 * back with other groups must get the whole list, and only the epoch it brings along can say so.
 */
export function viewEpoch(epoch: string, limit: GroupLimit): string {
  return limit === null ? epoch : `${epoch}.${digest(limitKey(limit))}`;
}
