import { digest } from "./digest.ts";

/**
 * Which agents a viewer may see. `null` = no group filter; otherwise the agents that share at least one of these groups.
 */
export type GroupFilter = readonly string[] | null;

/** The same text for the same group filter, whatever the order or repetition of the groups: viewers with one key get one serialised frame. */
export function filterKey(groupFilter: GroupFilter): string {
  return groupFilter === null ? "*" : JSON.stringify([...new Set(groupFilter)].sort());
}

export function mayView(groupFilter: GroupFilter, groups: Iterable<string>): boolean {
  if (groupFilter === null) return true;
  for (const group of groups) if (groupFilter.includes(group)) return true;
  return false;
}

/**
 * The epoch as viewers of one group filter are told it. A position earned under one group filter proves nothing under another: whoever comes
 * back with other groups must get the whole list, and only the epoch it brings along can say so.
 */
export function viewEpoch(epoch: string, groupFilter: GroupFilter): string {
  return groupFilter === null ? epoch : `${epoch}.${digest(filterKey(groupFilter))}`;
}
