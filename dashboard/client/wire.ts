import type * as protocol from "../../protocol/messages.ts";

/**
 * The protocol's words, without its schemas: importing those would put valibot (3.2 KiB gzip) into every page that embeds the
 * client. The types are the protocol's own literals, so a difference does not compile.
 */
export const SUBPROTOCOL: typeof protocol.SUBPROTOCOL = "hub.v1";
export const TICKET_PREFIX: typeof protocol.TICKET_PREFIX = "ticket.";
export const PING: typeof protocol.PING = "ping";
export const PONG: typeof protocol.PONG = "pong";
