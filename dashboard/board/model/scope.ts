/** Whether something of these groups is within the reader's scope. */
export type Scope = (groups: readonly string[]) => boolean;

/**
 * Returns the scope of a group filter: the names of hierarchy levels, none of them = everything. The rows, the counts, the bell,
 * the title, sound, notifications and the wallboard all ask this.
 */
export function inScope(filter: readonly string[]): Scope {
  if (filter.length === 0) return () => true;
  const chosen = new Set(filter);
  return (groups) => groups.some((group) => chosen.has(group));
}
