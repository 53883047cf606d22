import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { readConnectRequest } from "./auth/connect-request.ts";
import type { RelayFleet } from "./relay-fleet.ts";
import { RELAY_HEADER, VIEWERS_HEADER } from "./relay-names.ts";
import { refuseSocket } from "./sockets.ts";
import type { ViewerSockets } from "./viewer-sockets.ts";
import type { ViewerTickets } from "./viewer-tickets.ts";

/** Where viewers may go. */
interface Places {
  readonly instance: string;
  readonly viewersPerObject: number;
  readonly broadcaster: Broadcaster;
  readonly sockets: ViewerSockets;
  readonly fleet: RelayFleet;
  readonly tickets: ViewerTickets;
}

/** Serves a viewer that wants to connect, or names the relay that will. */
export function admitViewer(request: Request, places: Places, now: number): Response {
  const { instance, viewersPerObject, broadcaster, sockets, fleet, tickets } = places;
  const connect = readConnectRequest(request);
  const refusal = tickets.refusalOf(connect, now);
  if (refusal !== null) return refuseSocket(refusal, connect);
  broadcaster.viewersElsewhere = fleet.registry.viewers;
  if (broadcaster.size < viewersPerObject) return sockets.acceptViewer(connect, now);
  const relay = fleet.assignViewer(instance, connect.region, viewersPerObject);
  if (relay === null) return refuseSocket(CLOSE.tooManyViewers, connect);
  const viewers = broadcaster.size + fleet.registry.viewers;
  return new Response(null, { headers: { [RELAY_HEADER]: relay, [VIEWERS_HEADER]: String(viewers) } });
}
