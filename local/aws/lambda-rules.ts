/**
 * How Lambda treats asynchronous events. Read on 2026-11-26 in the developer guide: "Invoking a Lambda function asynchronously",
 * "Retaining records of asynchronous invocations", "Lambda quotas", and in the API reference, PutFunctionEventInvokeConfig.
 */

/** The waits before the second and the third attempt of an event on which the function failed, ms. */
export const RETRY_DELAYS_MS: readonly number[] = [60_000, 120_000];
/** The retries of a function that sets none. 0 to 2 are allowed. */
export const DEFAULT_RETRY_ATTEMPTS = 2;
/** How long an event may be kept, counted from its arrival, also while the function runs and between attempts. 60 s are the least. */
export const DEFAULT_EVENT_AGE_SECONDS = 21_600;
/** A throttled event waits 1 s, then twice as long each time, 5 minutes at most. Throttling is no attempt. */
const THROTTLE_FIRST_MS = 1_000;
const THROTTLE_LONGEST_MS = 300_000;
/** 6 MB for RequestResponse, 1 MB for Event. */
export const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
export const MAX_EVENT_BYTES = 1024 * 1024;

/** The wait of an event that was throttled `times` times in a row, ms. */
export function throttleDelayMs(times: number): number {
  return Math.min(THROTTLE_FIRST_MS * 2 ** (times - 1), THROTTLE_LONGEST_MS);
}
