import { CLOSE } from "../../protocol/close-codes.ts";
import type { ClientProblem } from "./contract.ts";
import type { ConnectionEnd, RetryState } from "./retry-policy.ts";
import { InvalidTicketError } from "./ticket-request.ts";

/** The code of a connection that broke (RFC 6455 section 7.4.1). */
export const NO_ANSWER = { code: 1006 };

/** The cause when a ticket that came after a refused one is refused, too: most likely the page keeps its ticket. */
export const USED_TICKET = new Error("getTicket must return a new ticket each time.");

/** A problem of the connection is about no single contact, queue or alert. */
export const ABOUT_NOTHING: Pick<ClientProblem, "contactId" | "queueId" | "alertId"> = {
  contactId: null,
  queueId: null,
  alertId: null,
};

/**
 * Why an attempt ended with an error, before or after it got a ticket. A socket that the browser refuses to open (mixed content, a
 * policy) ends as one that broke.
 */
export function attemptEnd(error: unknown, hasTicket: boolean, retry: RetryState): ConnectionEnd {
  return hasTicket ? pollEnd(error, retry) : ticketEnd(error);
}

/** Why an attempt ended that got no ticket. The errors of most HTTP clients carry a status, or the answer that has it. */
function ticketEnd(error: unknown): ConnectionEnd {
  if (error instanceof InvalidTicketError) return { kind: "ticket_invalid" };
  const status = statusOf(error) ?? statusOf(member(error, "response")) ?? null;
  return { kind: "ticket", status, retryAfterMs: retryAfter(error) };
}

/** Why polling ended. A fresh ticket that is refused twice in a row is refused for good. */
function pollEnd(error: unknown, { ticketRenewed }: RetryState): ConnectionEnd {
  const status = statusOf(error);
  if (status === 403) return { kind: "ticket", status };
  const unauthorized = ticketRenewed ? CLOSE.badTicket : CLOSE.ticketExpired;
  const { code } = status === 401 ? unauthorized : status === 429 ? CLOSE.tooManyRequests : NO_ANSWER;
  return { kind: "close", code, liveMs: 0, retryAfterMs: retryAfter(error) };
}

function retryAfter(error: unknown): number {
  return Number(member(error, "retryAfterMs")) || 0;
}

function statusOf(value: unknown): unknown {
  return member(value, "status");
}

function member(value: unknown, name: string): unknown {
  // `Object` makes an object of anything, also of null.
  return Reflect.get(Object(value), name);
}
