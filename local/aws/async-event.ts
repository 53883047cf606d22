import { type FailureRecord, functionArn, type InvocationOutcome, type LocalFunction } from "./lambda-function.ts";
import { DEFAULT_EVENT_AGE_SECONDS, DEFAULT_RETRY_ATTEMPTS, RETRY_DELAYS_MS, throttleDelayMs } from "./lambda-rules.ts";
import type { ScaledClock } from "./scaled-clock.ts";

export interface AsyncEventOptions {
  name: string;
  settings: LocalFunction;
  event: unknown;
  requestId: string;
  clock: ScaledClock;
  stop: AbortSignal;
  /** Runs one attempt. "throttled": no place is free. */
  run(attempt: number): Promise<InvocationOutcome | "throttled">;
}

/**
 * Takes one event from Lambda's queue to its end: a success, or a record for the on-failure destination. Its age goes on counting
 * while the function runs and between the attempts. Returns null after a success, and when Lambda stops.
 */
export async function processEvent(options: AsyncEventOptions): Promise<FailureRecord | null> {
  const { settings, clock, stop } = options;
  const { maximumRetryAttempts = DEFAULT_RETRY_ATTEMPTS, maximumEventAgeSeconds = DEFAULT_EVENT_AGE_SECONDS } = settings;
  const expiresAt = clock.now() + maximumEventAgeSeconds * 1000;
  /** Waits, or ends the wait when the event is too old. Returns whether it is. */
  const isTooOldAfter = async (ms: number): Promise<boolean> => {
    const left = expiresAt - clock.now();
    await clock.sleep(Math.min(ms, left), stop);
    return ms >= left;
  };
  let error: unknown;
  let attempts = 0;
  let throttled = 0;
  while (!stop.aborted) {
    // The guide says of reserved concurrency 0: to the destination, without any retries. It does not name the condition.
    if (settings.reservedConcurrency === 0) return recordOf(options, "RetriesExhausted", attempts, error);
    const outcome = await options.run(attempts + 1);
    if (outcome === "throttled") {
      throttled += 1;
      if (await isTooOldAfter(throttleDelayMs(throttled))) return recordOf(options, "EventAgeExceeded", attempts, error);
      continue;
    }
    throttled = 0;
    attempts += 1;
    if (outcome.status === "returned") return null;
    error = outcome.error;
    if (attempts > maximumRetryAttempts) return recordOf(options, "RetriesExhausted", attempts, error);
    const delay = RETRY_DELAYS_MS[attempts - 1] ?? 0;
    if (await isTooOldAfter(delay)) return recordOf(options, "EventAgeExceeded", attempts, error);
  }
  return null;
}

function recordOf(
  { name, event, requestId }: AsyncEventOptions,
  condition: FailureRecord["requestContext"]["condition"],
  attempts: number,
  error: unknown,
): FailureRecord {
  return {
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn(name)}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    // An event that never ran has no response.
    ...(attempts > 0 && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" } as const,
      responsePayload: error,
    }),
  };
}
