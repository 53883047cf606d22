/** A dashboard has almost nothing to say: a watch now and then, a refresh an hour. */
const MAX_MESSAGES = 60;
const PER_MS = 10_000;
/** Wrong messages before the socket is closed; a client in development makes one or two. */
const MAX_VIOLATIONS = 10;

/** How viewers behave. It forgets when the object sleeps, which a viewer who floods never lets it. */
export class RateLimiter {
  readonly #seen = new Map<string, { since: number; messages: number; violations: number }>();

  countMessage(id: string, now: number): "fine" | "too many" {
    const seen = this.#seen.get(id) ?? { since: now, messages: 0, violations: 0 };
    if (Math.abs(now - seen.since) >= PER_MS) {
      seen.since = now;
      seen.messages = 0;
    }
    seen.messages += 1;
    this.#seen.set(id, seen);
    return seen.messages > MAX_MESSAGES ? "too many" : "fine";
  }

  /** A message that made no sense. */
  countViolation(id: string): "tolerated" | "enough" {
    const seen = this.#seen.get(id);
    if (seen === undefined) return "tolerated";
    seen.violations += 1;
    return seen.violations >= MAX_VIOLATIONS ? "enough" : "tolerated";
  }

  forget(id: string): void {
    this.#seen.delete(id);
  }
}
