// The client as one file, for a page without a bundler.
// biome-ignore lint/performance/noBarrelFile: such a page imports only this address, `vigia/vigia-client.js`
export { createAgentClient } from "./agent-client.ts";
export { fetchTicket, TicketError } from "./fetch-ticket.ts";
