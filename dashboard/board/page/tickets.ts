/**
 * Says that the hub gave no ticket. `status` is the HTTP status: after 401 and 403 the user signs in, otherwise the client tries
 * again.
 */
export class TicketError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The hub answered ${status} to the request for a ticket.`);
    this.name = "TicketError";
    this.status = status;
  }
}

interface TicketRequest {
  /** Origin of the hub. */
  hub: string;
  instanceId: string;
  /** The identity token. Null when nobody has signed in. */
  token: string | null;
}

/** Asks the hub for a viewer ticket. @throws TicketError when the hub gives none, TypeError when the network fails. */
export async function requestTicket({ hub, instanceId, token }: TicketRequest): Promise<string> {
  const response = await fetch(`${hub}/v1/instances/${encodeURIComponent(instanceId)}/tickets`, {
    method: "POST",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new TicketError(response.status);
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null && "ticket" in answer && typeof answer.ticket === "string")
    return answer.ticket;
  throw new TicketError(response.status);
}
