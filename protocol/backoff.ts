export interface BackoffBounds {
  /** The longest wait before the first repetition, in milliseconds. */
  firstMs: number;
  /** No wait is longer, in milliseconds. */
  longestMs: number;
}

/**
 * Returns how long to wait before trying again, in whole milliseconds: exponential back-off with full jitter (AWS Architecture
 * Blog, "Exponential Backoff And Jitter"). The wait is between 0 and a bound that doubles with each failure. So callers that
 * failed together do not come back together.
 * @param failures failed attempts in a row before this wait, minus one: 0 for the first repetition.
 * @param random a number in [0, 1).
 */
export function backoffMs(failures: number, { firstMs, longestMs }: BackoffBounds, random: number): number {
  return Math.round(random * Math.min(longestMs, firstMs * 2 ** failures));
}
