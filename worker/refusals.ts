/**
 * Refused posts of known and unknown instances, counted by the isolate and handed to the object with the next post it
 * accepts: a refused post must not cost a call to the object.
 */
const refused = new Map<string, number>();
/** Made-up instance ids must not fill the memory. */
const MAX_COUNTED = 1000;

export function countRefusal(instanceId: string): void {
  if (refused.size >= MAX_COUNTED && !refused.has(instanceId)) return;
  refused.set(instanceId, (refused.get(instanceId) ?? 0) + 1);
}

export function takeRefusals(instanceId: string): number {
  const count = refused.get(instanceId) ?? 0;
  refused.delete(instanceId);
  return count;
}
