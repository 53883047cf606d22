import { digest } from "./digest.ts";

/** Which rows a viewer may see: those that share at least one of these groups. `null` = all rows. */
export type GroupFilter = readonly string[] | null;

/** Returns the same text for the same filter, whatever the order or repetition of its groups. */
export function filterKey(filter: GroupFilter): string {
  return filter === null ? "*" : JSON.stringify([...new Set(filter)].sort());
}

export function mayView(filter: GroupFilter, groups: Iterable<string>): boolean {
  if (filter === null) return true;
  for (const group of groups) if (filter.includes(group)) return true;
  return false;
}

/** Whether a filter shows nothing beyond what `limit` shows. */
export function isWithinFilter(filter: GroupFilter, limit: GroupFilter): boolean {
  if (limit === null) return true;
  return filter?.every((group) => limit.includes(group)) ?? false;
}

/**
 * Returns the epoch as viewers with this filter get it. A position is valid only for the filter it was given for, and the epoch
 * is all that a returning viewer brings along to tell.
 */
export function viewEpoch(epoch: string, filter: GroupFilter): string {
  return filter === null ? epoch : `${epoch}.${digest(filterKey(filter))}`;
}
