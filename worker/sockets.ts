import type { CloseReason } from "../protocol/close-codes.ts";
import { switchProtocols, type ViewerProtocol } from "./auth/connect-request.ts";

/** RFC 6455 §7.4.1: the runtime reports a close frame without a code as 1005. The answer has no code either. */
const NO_CODE = 1005;
/** RFC 6455 §7.4.1: with these codes no close frame came at all, so nobody is left to answer. */
const NO_FRAME = new Set([1006, 1015]);

/**
 * Closes our end. The runtime does not close a hibernatable socket when the peer closes, with any compatibility date (measured).
 * So the close handler must answer with the code that it got.
 */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (NO_FRAME.has(code)) return;
  try {
    if (code === NO_CODE) socket.close();
    else socket.close(code, reason);
  } catch {
    // The socket is closed already, or only a peer may send this code.
  }
}

/** Opens a socket only to close it with a reason: a browser reports a refused upgrade as 1006 and no more. */
export function refuseSocket(reason: CloseReason, protocol: ViewerProtocol): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(reason.code, reason.reason);
  return switchProtocols(client, protocol);
}
