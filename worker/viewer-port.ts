import type { ViewerPort } from "../core/broadcast/viewer.ts";
import { closeSocket } from "./sockets.ts";

/** A socket as the broadcaster uses it. */
export function viewerPort(socket: WebSocket, resendTranscript: ViewerPort["resendTranscript"]): ViewerPort {
  return {
    send(message) {
      // A peer that vanished is noticed by its close event, not here.
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
    },
    close({ code, reason }) {
      closeSocket(socket, code, reason);
    },
    // Newer than the oldest runtime in production. Where it is missing, no viewer counts as slow.
    bufferedBytes: () => socket.bufferedAmount ?? 0,
    resendTranscript,
  };
}
