import { type BackoffBounds, backoffMs } from "../../protocol/backoff.ts";
import { CLOSE, mayReturn } from "../../protocol/close-codes.ts";

/**
 * The first retry waits at most 0.5 s, because a hub that restarts is back soon. No retry waits more than 30 s, which is slow
 * enough for many viewers of a hub that is down for long.
 */
export const BACKOFF: BackoffBounds = { firstMs: 500, longestMs: 30_000 };
/** A shorter connection counts as a failure. Otherwise clients would hammer a hub that accepts and closes at once. */
export const STABLE_MS = 5_000;
/** A hub or a sign-in service asks for at most a minute. A greater number is a mistake, and nobody should wait for hours. */
const LONGEST_ASKED_MS = 300_000;
/** After "too many requests" the back-off starts as if this many attempts had failed (at most 8 s). */
const BUSY_FAILURES = 4;

/** A retry would get the same answer, so the client waits until the person signs in again. */
const REFUSED = "ticket_refused";
/** After these errors another identity may be able to connect. */
const UNAUTHORIZED: ReadonlySet<string> = new Set([
  REFUSED,
  CLOSE.badTicket.reason,
  CLOSE.revoked.reason,
  CLOSE.notAllowed.reason,
]);

/** The attempts so far. */
export interface RetryState {
  /** Failed attempts since the last success. */
  failures: number;
  /** Whether the client has retried at once with a new ticket since the last success. */
  ticketRenewed: boolean;
}
export const FRESH: RetryState = { failures: 0, ticketRenewed: false };

/** Why a connection or an attempt ended. `liveMs` is how long the connection was live, 0 for a failed attempt. */
export type ConnectionEnd =
  | { kind: "close"; code: number; liveMs: number; retryAfterMs?: number }
  | { kind: "timeout"; liveMs: number }
  /** A packed frame cannot be decompressed. The next connection asks for texts. */
  | { kind: "unreadable_frame"; liveMs: number }
  | { kind: "offline" }
  /**
   * `getTicket` failed. `status` is the HTTP status that its error carries, if any. `retryAfterMs` is how long the server wants
   * nobody to ask again.
   */
  | { kind: "ticket"; status: unknown; retryAfterMs?: number }
  /** `getTicket` returned something else than a ticket. The page has a mistake, and a retry would buy one ticket after the other. */
  | { kind: "ticket_invalid" };

export type RetryDecision =
  | { kind: "retry"; state: RetryState; delayMs: number; error: string }
  | { kind: "stop"; status: "unauthorized" | "closed"; error: string };

/**
 * Decides whether and when to retry. The wait has full jitter ({@link backoffMs}), so the viewers that a restart has
 * disconnected return at different times. `random` is in [0, 1). `comeBackWithinMs` is the time over which the hub wants its
 * viewers to spread after an end that hits all of them; 0 = it did not say.
 */
export function decideRetry(before: RetryState, end: ConnectionEnd, random: number, comeBackWithinMs = 0): RetryDecision {
  const state = "liveMs" in end && end.liveMs >= STABLE_MS ? FRESH : before;
  const error = errorWord(end);
  const code = end.kind === "close" ? end.code : 0;
  if (error === REFUSED || end.kind === "ticket_invalid" || !mayReturn(code)) {
    return { kind: "stop", status: UNAUTHORIZED.has(error) ? "unauthorized" : "closed", error };
  }
  if (code === CLOSE.ticketExpired.code && !state.ticketRenewed) {
    return { kind: "retry", state: { ...state, ticketRenewed: true }, delayMs: 0, error };
  }
  const failures = Math.max(state.failures, code === CLOSE.tooManyRequests.code ? BUSY_FAILURES : 0);
  const backOff = end.kind === "offline" ? BACKOFF.longestMs : backoffMs(failures, BACKOFF, random);
  const spread = hitsEverybody(end) ? Math.round(random * comeBackWithinMs) : 0;
  const asked = Math.max(spread, ("retryAfterMs" in end && end.retryAfterMs) || 0);
  const delayMs = Math.max(backOff, Math.min(asked, LONGEST_ASKED_MS));
  return { kind: "retry", state: { ...state, failures: failures + 1 }, delayMs, error };
}

/**
 * Whether the end may have come to every viewer of the hub at once: a deploy or a restart closes with a code of the network, 4410
 * or 4412, and then gives no tickets for a while. What the hub does to one viewer, and what this client notices by itself, is no
 * such end.
 */
function hitsEverybody(end: ConnectionEnd): boolean {
  if (end.kind !== "close") return end.kind === "ticket";
  return end.code < 4000 || end.code === CLOSE.restarting.code || end.code === CLOSE.resync.code;
}

/** Returns a stable word for the page to translate. It depends on the close code, not on the reason that was sent. */
function errorWord(end: ConnectionEnd): string {
  if (end.kind === "ticket") return end.status === 401 || end.status === 403 ? REFUSED : "ticket_failed";
  if (end.kind !== "close") return end.kind;
  const known = Object.values(CLOSE).find(({ code }) => code === end.code);
  return known?.reason ?? (mayReturn(end.code) ? "network" : "closed");
}
