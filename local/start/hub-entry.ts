/**
 * The entry of the Worker on this machine, around the bundle `hub.mjs`.
 *
 * workerd 1.20261117.1 goes on to read from a client whose first message is its answer to the hub's close frame: kj's
 * `BlockedReceive::tryPumpFrom` does not look whether the message is a close (seen on 2026-11-26, without Miniflare too). The
 * connection ends only when V8 collects the socket, ten seconds later or more, and until then a program waits for its end. So this
 * entry collects soon after the hub has closed a socket. hub.ts exposes the collector.
 */
export const HUB_ENTRY = `
import hub, { ContactCenter as Center, Relay as CenterRelay } from "./hub.mjs";

const HUB_CODES_FROM = 4000;
/** Many sockets that close together are collected together. */
const COLLECT_AFTER_MS = 100;
let plannedAt = 0;

function collectSoon() {
  const now = Date.now();
  if (globalThis.gc === undefined || now < plannedAt) return;
  plannedAt = now + COLLECT_AFTER_MS;
  setTimeout(() => globalThis.gc(), COLLECT_AFTER_MS);
}

const collecting = (Base) =>
  class extends Base {
    async webSocketClose(socket, code, ...rest) {
      await super.webSocketClose(socket, code, ...rest);
      if (code >= HUB_CODES_FROM) collectSoon();
    }
  };

export const ContactCenter = collecting(Center);
export const Relay = collecting(CenterRelay);
export default hub;
`;
