/** The fields that are read of Lambda's context object. */
export interface InvocationContext {
  functionName: string;
  /** Lambda's own retries of an asynchronous event have the id of the first attempt. */
  awsRequestId?: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Returns a signal that aborts `reserveMs` before Lambda ends the invocation. The function can then stop waiting and report the
 * rest. An invocation that Lambda ends reports nothing, and its container loses its memory.
 * @param context null outside Lambda: the signal never aborts
 */
export function timeUp(context: InvocationContext | null, reserveMs: number): AbortSignal {
  if (context === null) return new AbortController().signal;
  return AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
}
