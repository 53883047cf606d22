import { backoffMs } from "../../protocol/backoff.ts";
import { CLOSE, mayReturn } from "../../protocol/close-codes.ts";

/** Bounds of the wait before an attempt: quick enough for a restart of the hub, slow enough for a long outage. */
const SHORTEST_BACKOFF_MS = 500;
export const LONGEST_BACKOFF_MS = 30_000;
/** A connection that ends sooner was no success: without this, a hub that greets and drops would be hammered. */
export const STABLE_MS = 5_000;
/** After "too many requests" the back-off starts at this step (8 s). */
const BUSY_FAILURES = 4;

/** Asking again would get the same answer: somebody has to sign in. */
const REFUSED = "ticket_refused";
/** Endings that another identity might not meet. */
const UNAUTHORIZED: ReadonlySet<string> = new Set([
  REFUSED,
  CLOSE.badTicket.reason,
  CLOSE.revoked.reason,
  CLOSE.notAllowed.reason,
]);

/** What one attempt after the other has come to. */
export interface RetryState {
  /** Failed attempts since the last success. */
  failures: number;
  /** Whether a new ticket has been tried at once since the last success. */
  ticketRenewed: boolean;
}
export const FRESH: RetryState = { failures: 0, ticketRenewed: false };

/** Why a connection, or an attempt to make one, ended. `liveMs` is how long it had been live, 0 if never. */
export type ConnectionEnd =
  | { kind: "close"; code: number; liveMs: number }
  | { kind: "timeout"; liveMs: number }
  | { kind: "offline" }
  /** `getTicket` failed; `status` is what its error says of the HTTP answer, if anything. */
  | { kind: "ticket"; status: unknown };

export type RetryDecision =
  | { kind: "retry"; state: RetryState; delayMs: number; error: string }
  | { kind: "stop"; status: "unauthorized" | "closed"; error: string };

/**
 * Whether and when to try again. Full jitter: the wait is anything from 0 to a bound that doubles with each failure, so
 * that all viewers a restart has dropped do not come back together. `random` is in [0, 1).
 */
export function decideRetry(before: RetryState, end: ConnectionEnd, random: number): RetryDecision {
  const state = "liveMs" in end && end.liveMs >= STABLE_MS ? FRESH : before;
  const error = errorWord(end);
  const code = end.kind === "close" ? end.code : 0;
  if (error === REFUSED || !mayReturn(code)) {
    return { kind: "stop", status: UNAUTHORIZED.has(error) ? "unauthorized" : "closed", error };
  }
  if (code === CLOSE.ticketExpired.code && !state.ticketRenewed) {
    return { kind: "retry", state: { failures: state.failures, ticketRenewed: true }, delayMs: 0, error };
  }
  const failures = Math.max(state.failures, code === CLOSE.tooManyRequests.code ? BUSY_FAILURES : 0);
  const bounds = { firstMs: SHORTEST_BACKOFF_MS, longestMs: LONGEST_BACKOFF_MS };
  const delayMs = end.kind === "offline" ? LONGEST_BACKOFF_MS : backoffMs(failures, bounds, random);
  return { kind: "retry", state: { failures: failures + 1, ticketRenewed: state.ticketRenewed }, delayMs, error };
}

/** A stable word for the page to translate. The reason on the wire is not trusted with it. */
function errorWord(end: ConnectionEnd): string {
  switch (end.kind) {
    case "ticket":
      return end.status === 401 || end.status === 403 ? REFUSED : "ticket_failed";
    case "close": {
      const known = Object.values(CLOSE).find(({ code }) => code === end.code);
      return known?.reason ?? (mayReturn(end.code) ? "network" : "closed");
    }
    case "timeout":
    case "offline":
      return end.kind;
  }
}
