/**
 * So many frames a second leave one object before its window widens. A frame costs 45 to 50 µs in the whole job (docs/performance.md),
 * so sending takes at most three quarters of a core, and posts need the rest.
 */
const FRAMES_PER_MS = 15;
/** When a flush takes long to reach every viewer, a third of the time is left in which waiting work runs. */
const BACKLOG_FACTOR = 1.5;
/** However large the audience is, changes come once a second. */
const WIDEST_MS = 1000;

/**
 * Returns the time between two flushes in ms. The window is the only lever on what sending costs: half as many flushes cost half.
 * @param fanOutMs how long the last flush took to reach every viewer
 */
export function flushWindowMs(intervalMs: number, viewers: number, fanOutMs: number): number {
  const wanted = Math.max(Math.ceil(viewers / FRAMES_PER_MS), Math.ceil(fanOutMs * BACKLOG_FACTOR));
  return Math.max(intervalMs, Math.min(WIDEST_MS, wanted));
}
