/** What is read of Lambda's context object. */
export interface InvocationContext {
  functionName: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Aborts `reserveMs` before Lambda ends the invocation: time to stop waiting and to say what was not done. What Lambda itself
 * ends says nothing any more, and takes along what the container remembers. Never outside Lambda.
 */
export function timeUp(context: InvocationContext | null, reserveMs: number): AbortSignal {
  if (context === null) return new AbortController().signal;
  return AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
}
