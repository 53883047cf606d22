import * as v from "valibot";
import { SUBPROTOCOL } from "../../protocol/messages.ts";

/** What the Worker has checked about a socket before the request reaches an object. */
const connectRequestSchema = v.object({
  subject: v.string(),
  groupFilter: v.nullable(v.array(v.string())),
  sessionEndsAt: v.number(),
  ticketId: v.string(),
  ticketExpiresAt: v.number(),
  legacy: v.boolean(),
  /** Where the viewer is, as a Durable Object location hint. */
  region: v.string(),
  position: v.nullable(v.object({ epoch: v.string(), seq: v.number() })),
});
export type ConnectRequest = v.InferOutput<typeof connectRequestSchema>;

/** Only the Worker sets this header, on a request that it makes itself. A header of this name from a client never arrives. */
const HEADER = "x-vigia-connect-request";

/** The upgrade request for a Durable Object. It carries nothing else of the client's request. */
export function upgradeRequest(connect: ConnectRequest): Request {
  return new Request("https://object/live", {
    headers: { Upgrade: "websocket", [HEADER]: encodeURIComponent(JSON.stringify(connect)) },
  });
}

export function readConnectRequest(request: Request): ConnectRequest {
  return v.parse(connectRequestSchema, JSON.parse(decodeURIComponent(request.headers.get(HEADER) ?? "")));
}

/** The 101 that hands the client its end; a `hub.v1` client must see its subprotocol echoed or the browser gives up. */
export function switchProtocols(client: WebSocket, legacy: boolean): Response {
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: legacy ? {} : { "Sec-WebSocket-Protocol": SUBPROTOCOL },
  });
}
