/** With 0 ms, timers that follow each other held posts up for 700 ms (measured with `npm run bench:replay`). */
const PAUSE_MS = 2;

/** Lets posts that have arrived go first. */
export function nextEvent(ms = PAUSE_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
