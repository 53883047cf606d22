// For pages whose people sign in with a session cookie: your own server asks for the ticket with the token it keeps.

export interface TicketEndpointOptions {
  hub: string;
  instanceId: string;
  /** The identity token (a JWT that the hub trusts) of whoever sends the request; null when nobody is signed in. */
  idTokenOf: (request: Request) => Promise<string | null>;
}

/** The handler of a POST route, for every server that speaks `Request` and `Response`. */
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
