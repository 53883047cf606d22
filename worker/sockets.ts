import type { CloseReason } from "../protocol/close-codes.ts";
import { switchProtocols } from "./auth/connect-request.ts";

/** RFC 6455 §7.4.1: a close frame without a code is reported as 1005; it is answered in kind. */
const NO_CODE = 1005;
/** RFC 6455 §7.4.1: these say that no close frame came at all; nobody is left to answer. */
const NO_FRAME = new Set([1006, 1015]);

/**
 * Closes our end. A hibernatable socket is not closed for us when the peer closes, whatever the compatibility date
 * (measured), so the close handler must answer with the code it got.
 */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (NO_FRAME.has(code)) return;
  try {
    if (code === NO_CODE) socket.close();
    else socket.close(code, reason);
  } catch {
    // Already closed, or a code that only a peer may send: nothing is left to do.
  }
}

/** Opens a socket only to say why not: a refused upgrade would tell a browser nothing but 1006. */
export function refuseSocket(reason: CloseReason, plain: boolean): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(reason.code, reason.reason);
  return switchProtocols(client, plain);
}
