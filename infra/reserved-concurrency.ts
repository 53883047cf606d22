/**
 * Reserved invocations of new calls above the number of calls. They wait for a place: a call that waits in an invocation begins
 * within seconds when one is free, and one that waits in Lambda's queue within five minutes.
 */
const WAITING_ROOM = 0.5;
/**
 * Reserved invocations of running calls above the number of calls. In a hand-over, two invocations of one call overlap for about a
 * second, and a needless start by the watchdog looks for 45 s.
 */
const HANDOVER_OVERLAP = 0.1;

/** The concurrency that the two functions of the transcriber reserve. Lambda takes both from the account's own. */
export interface ReservedConcurrency {
  newCalls: number;
  runningCalls: number;
}

/**
 * Splits the concurrency for so many calls at once. Every running call may be in either function: all of them are new after a
 * quiet hour, and all of them are old after an hour of long calls. So each function has room for all.
 */
export function reservedFor(calls: number): ReservedConcurrency {
  return { newCalls: calls + Math.ceil(calls * WAITING_ROOM), runningCalls: calls + Math.ceil(calls * HANDOVER_OVERLAP) };
}
