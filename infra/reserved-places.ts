/** Share of invocations above the number of calls. In a hand-over, two invocations of one call overlap for about a second. */
const HANDOVER_OVERLAP = 0.1;

/** Returns the Lambda concurrency that the stack reserves for the transcriber. @param calls the setting maxConcurrentCalls */
export function reservedPlaces(calls: number): number {
  return calls + Math.ceil(calls * HANDOVER_OVERLAP);
}
