/** What a receiver answered, as the outbox understands it. */
export type DeliveryAnswer =
  | { readonly type: "delivered" }
  /** It may work later. `retryAfterMs` is the receiver's own wish; null = it has none. */
  | { readonly type: "later"; readonly retryAfterMs: number | null }
  /** It will never work. `reason` is a stable word for logs and counters. */
  | { readonly type: "refused"; readonly reason: string };

/** What the shell saw: an HTTP answer, or none. */
export type HttpOutcome =
  | { readonly status: number; readonly retryAfter: string | null }
  | { readonly failure: "timeout" | "unreachable" };

/**
 * Client errors by which a receiver says that this message or this address will never work (RFC 9110, 15.5; Slack answers a
 * deleted webhook with 404 and an archived channel with 410). 401 and 403 are not among them, because somebody may repair them.
 */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [400, "bad_request"],
  [404, "not_found"],
  [405, "method_not_allowed"],
  [410, "gone"],
  [413, "too_large"],
  [415, "unsupported_media_type"],
  [422, "unprocessable"],
]);

/** Reads the answer of a receiver. A redirect is refused: it could lead into a private network. */
export function readAnswer(outcome: HttpOutcome, now: number): DeliveryAnswer {
  if ("failure" in outcome) return { type: "later", retryAfterMs: null };
  const { status, retryAfter } = outcome;
  if (status >= 200 && status < 300) return { type: "delivered" };
  if (status >= 300 && status < 400) return { type: "refused", reason: "redirect" };
  const reason = REFUSED.get(status);
  return reason === undefined ? { type: "later", retryAfterMs: waitOf(retryAfter, now) } : { type: "refused", reason };
}

/** Reads `Retry-After`, which is seconds or an HTTP date (RFC 9110, 10.2.3); null = it is neither. */
function waitOf(retryAfter: string | null, now: number): number | null {
  const text = retryAfter?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
