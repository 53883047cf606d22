// For pages with a session cookie: your own server keeps the identity token and asks the hub for the ticket.

export interface TicketEndpointOptions {
  hub: string;
  instanceId: string;
  /** Returns the identity token (a JWT that the hub trusts) of the person who sent the request, null without a session. */
  idTokenOf: (request: Request) => Promise<string | null>;
}

/** Returns the handler of a POST route, for every server that uses `Request` and `Response`. */
export function ticketEndpoint({ hub, instanceId, idTokenOf }: TicketEndpointOptions) {
  return async (request: Request): Promise<Response> => {
    const token = await idTokenOf(request);
    if (token === null) return Response.json({ error: "unauthorized" }, { status: 401 });
    const answer = await fetch(`${hub}/v1/instances/${instanceId}/tickets`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  };
}
