import type { AgentClientOptions, TicketRequest } from "./contract.ts";

/** `getTicket` returned something else than a ticket. It would do so again, so the client asks no more. */
export class InvalidTicketError extends TypeError {}

/**
 * Asks the page for a ticket. The caller sets the deadline.
 * @throws InvalidTicketError when the page returns no ticket, and what `getTicket` throws.
 */
export async function requestTicket(getTicket: AgentClientOptions["getTicket"], request: TicketRequest): Promise<string> {
  const ticket: unknown = await getTicket(request);
  // The characters of a JWT. Another character would make a bad subprotocol, and the message must not repeat the value.
  if (typeof ticket === "string" && /^[\w.-]+$/.test(ticket)) return ticket;
  throw new InvalidTicketError(`getTicket must return a ticket as text, but it returned another ${typeof ticket}.`);
}
