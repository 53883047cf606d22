import * as v from "valibot";
import { SUBPROTOCOL } from "../../protocol/messages.ts";

/** What the Worker has established about a socket before it reaches an object. */
const connectRequestSchema = v.object({
  subject: v.string(),
  groupFilter: v.nullable(v.array(v.string())),
  sessionEndsAt: v.number(),
  ticketId: v.string(),
  ticketExpiresAt: v.number(),
  plain: v.boolean(),
  /** Where the viewer is, as a Durable Object location hint. */
  region: v.string(),
  position: v.nullable(v.object({ epoch: v.string(), seq: v.number() })),
});
export type ConnectRequest = v.InferOutput<typeof connectRequestSchema>;

/** Only the Worker sets it, on a request it makes itself; what a client sends under this name is overwritten. */
const HEADER = "x-vigia-connect-request";

/** The upgrade request for a Durable Object: nothing of the client's request but the wish to upgrade. */
export function upgradeRequest(connect: ConnectRequest): Request {
  return new Request("https://object/live", {
    headers: { Upgrade: "websocket", [HEADER]: encodeURIComponent(JSON.stringify(connect)) },
  });
}

export function readConnectRequest(request: Request): ConnectRequest {
  return v.parse(connectRequestSchema, JSON.parse(decodeURIComponent(request.headers.get(HEADER) ?? "")));
}

/** The 101 that hands the client its end; a `hub.v1` client must see its subprotocol echoed or the browser gives up. */
export function switchProtocols(client: WebSocket, plain: boolean): Response {
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: plain ? {} : { "Sec-WebSocket-Protocol": SUBPROTOCOL },
  });
}
