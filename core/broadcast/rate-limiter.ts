/** A dashboard sends little: a watch now and then, a refresh an hour. */
const MAX_MESSAGES = 60;
const PER_MS = 10_000;
/** The hub closes a socket after so many wrong messages. A client in development sends one or two. */
const MAX_VIOLATIONS = 10;

/** Counts the messages of each viewer. The counts are lost when the object hibernates, and a viewer that floods keeps it awake. */
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

  /** Counts a message that the hub could not read. */
  countViolation(id: string): "tolerated" | "enough" {
    const seen = this.#seen.get(id);
    if (seen === undefined) return "tolerated";
    seen.violations += 1;
    return seen.violations >= MAX_VIOLATIONS ? "enough" : "tolerated";
  }

  forgetViewer(id: string): void {
    this.#seen.delete(id);
  }
}
