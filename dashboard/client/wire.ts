import type * as protocol from "../../protocol/messages.ts";

/**
 * Repeats the words of the protocol, because an import of its schemas would add valibot (3.2 KiB gzip) to every page that embeds
 * the client. The types are the protocol's own literals, so the compiler reports a difference.
 */
export const SUBPROTOCOL: typeof protocol.SUBPROTOCOL = "hub.v1";
export const COMPACT_SUBPROTOCOL: typeof protocol.COMPACT_SUBPROTOCOL = "hub.v1.z";
export const TICKET_PREFIX: typeof protocol.TICKET_PREFIX = "ticket.";
export const PING: typeof protocol.PING = "ping";
export const PONG: typeof protocol.PONG = "pong";
