/**
 * Reserved invocations of new calls above the number of calls. They wait for a place: a call that waits in an invocation begins
 * within seconds when one is free, and one that waits in Lambda's queue within five minutes.
 */
const WAITING_ROOM = 0.25;
/**
 * Reserved invocations of running calls above the number of calls. In a hand-over, two invocations of one call overlap for about a
 * second, and a needless start by the watchdog looks for 45 s.
 */
const HANDOVER_OVERLAP = 0.1;

/** The reserved concurrency of the two functions, which Lambda takes from the account's own. @param calls maxConcurrentCalls */
export function reservedFor(calls: number): { newCalls: number; runningCalls: number } {
  return { newCalls: calls + Math.ceil(calls * WAITING_ROOM), runningCalls: calls + Math.ceil(calls * HANDOVER_OVERLAP) };
}
