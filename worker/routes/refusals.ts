/**
 * Refused posts of each known instance. The isolate counts them and gives the count to the object with the next accepted post,
 * because a refused post must not cost a call to the object.
 */
const refused = new Map<string, number>();

export function countRefusal(instanceId: string): void {
  refused.set(instanceId, (refused.get(instanceId) ?? 0) + 1);
}

export function takeRefusals(instanceId: string): number {
  const count = refused.get(instanceId) ?? 0;
  refused.delete(instanceId);
  return count;
}
