import type { TicketRequest } from "./contract.ts";

/** Says that there was no ticket, and why. The client reads `status` and `retryAfterMs`. */
export class TicketError extends Error {
  override readonly name = "TicketError";
  /** The HTTP status. After 401 and 403 somebody has to sign in. */
  readonly status: number;
  /** The word of the hub's answer, for example `not_allowed`. Null when the answer has none. */
  readonly code: string | null;
  /** How long the server wants nobody to ask again, in milliseconds; 0 when it did not say. */
  readonly retryAfterMs: number;

  constructor(status: number, body: Readonly<Record<string, unknown>>, retryAfterMs: number) {
    const code = textOf(body["error"]);
    const what = status < 300 ? "The answer has no ticket:" : "The ticket was refused:";
    super([what, status, code, textOf(body["message"])].filter((word) => word !== null).join(" "));
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Asks for a ticket by POST: `getTicket: fetchTicket`. With an identity token:
 * `getTicket: (request) => fetchTicket(request, { headers: { authorization: "Bearer …" } })`. From your own server:
 * `fetchTicket({ ...request, url: "/vigia-ticket" })`.
 * @param init is added to the request, for example `headers` or `credentials`.
 * @throws TicketError when the answer has no ticket, TypeError when there is no answer.
 */
export async function fetchTicket(
  { url, signal = null }: Pick<TicketRequest, "url"> & { signal?: AbortSignal | null | undefined },
  init: RequestInit = {},
): Promise<string> {
  const answer = await fetch(url, { method: "POST", signal, ...init });
  const parsed: unknown = await answer.json().catch(() => null);
  const body: Record<string, unknown> = { ...(typeof parsed === "object" ? parsed : null) };
  const ticket = textOf(body["ticket"]);
  if (answer.ok && ticket !== null) return ticket;
  throw new TicketError(answer.status, body, retryAfter(answer.headers.get("retry-after")));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Reads `Retry-After`: seconds or a date (RFC 9110 section 10.2.3). */
function retryAfter(header: string | null): number {
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? "") - Date.now() : seconds * 1000;
  return Math.max(0, ms || 0);
}
