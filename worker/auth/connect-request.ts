import * as v from "valibot";
import { COMPACT_SUBPROTOCOL, SUBPROTOCOL } from "../../protocol/messages.ts";
import { storedRolesSchema } from "./viewer-roles.ts";

/**
 * A viewer's request to connect, after the Worker has checked it and before it reaches an object. During a deployment the two
 * may run different versions for some seconds. So the names that travel are those of the first release.
 */
const connectRequestSchema = v.pipe(
  v.object({
    subject: v.string(),
    name: v.optional(v.string()),
    limit: v.nullable(v.array(v.string())),
    roles: storedRolesSchema,
    sessionEndsAt: v.number(),
    ticketId: v.string(),
    ticketExpiresAt: v.number(),
    plain: v.boolean(),
    /** The client reads compact rows. An older Worker does not say so. */
    compact: v.optional(v.boolean()),
    /** Where the viewer is, as a Durable Object location hint. */
    region: v.string(),
    position: v.nullable(v.object({ epoch: v.string(), seq: v.number() })),
    /** Viewers of the contact center at other objects, when the primary sends this one to a relay. */
    viewersElsewhere: v.optional(v.number()),
  }),
  v.transform(({ limit: groupFilter, plain: legacy, ...rest }) => ({ ...rest, groupFilter, legacy })),
);
export type ConnectRequest = v.InferOutput<typeof connectRequestSchema>;

/** Only the Worker sets this header, on a request that it makes itself. A header of this name from a client never arrives. */
const HEADER = "x-vigia-admission";

/** The upgrade request for a Durable Object. It carries nothing else of the client's request. */
export function upgradeRequest({ groupFilter, legacy, ...connect }: ConnectRequest): Request {
  const travelling: v.InferInput<typeof connectRequestSchema> = { ...connect, limit: groupFilter, plain: legacy };
  return new Request("https://object/live", {
    headers: { Upgrade: "websocket", [HEADER]: encodeURIComponent(JSON.stringify(travelling)) },
  });
}

/** @throws ValiError or SyntaxError when the request does not come from the Worker. */
export function readConnectRequest(request: Request): ConnectRequest {
  return v.parse(connectRequestSchema, JSON.parse(decodeURIComponent(request.headers.get(HEADER) ?? "")));
}

/** What a viewer speaks: the frames of the first release, `hub.v1`, or `hub.v1.z`. */
export type ViewerProtocol = Pick<ConnectRequest, "legacy" | "compact">;

/**
 * No extension has this name. A 101 without the header gets permessage-deflate from the runtime, and one with a name that it does
 * not know gets none: the runtime leaves the header out (workerd 1.20261117.1, seen on 2026-11-26).
 */
const NO_EXTENSION = "none";

/**
 * The 101 that hands the client its end. A browser gives up unless the answer repeats a subprotocol that it has offered. The frames
 * of a compact viewer are compressed already, so its socket must not compress them once more.
 */
export function switchProtocols(client: WebSocket, { legacy, compact }: ViewerProtocol): Response {
  const headers: Record<string, string> = legacy
    ? {}
    : compact === true
      ? { "Sec-WebSocket-Protocol": COMPACT_SUBPROTOCOL, "Sec-WebSocket-Extensions": NO_EXTENSION }
      : { "Sec-WebSocket-Protocol": SUBPROTOCOL };
  return new Response(null, { status: 101, webSocket: client, headers });
}
