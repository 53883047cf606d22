/**
 * Refused posts of each instance, counted by the isolate and handed to the object with the next post it accepts: a refused
 * post must not cost a call to the object. There are as many as the settings list.
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
