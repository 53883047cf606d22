/** Below this many viewers the hub asks for no wider spread: a person waits 2.5 s on average, as with other hubs. */
const SHORTEST_SPREAD_MS = 5_000;
/**
 * So many viewers a second may come back to one contact center. A return costs the primary one ticket row and one answer. One
 * object took 1,300 in a second (test/bench/coming-back.ts), and posts need the rest.
 */
const RETURNS_PER_SECOND = 400;
/** Nobody waits longer, however many viewers there are. */
const LONGEST_SPREAD_MS = 60_000;

/**
 * Returns within which time the viewers of one contact center should come back after an end that hits all of them (a deploy, a
 * restart), in milliseconds. Each viewer picks a moment of this time by chance.
 */
export function comeBackWithinMs(viewers: number): number {
  const spread = Math.ceil(viewers / RETURNS_PER_SECOND) * 1000;
  return Math.min(LONGEST_SPREAD_MS, Math.max(SHORTEST_SPREAD_MS, spread));
}
