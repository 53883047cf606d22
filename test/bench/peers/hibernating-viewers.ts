import type { ConflatingBoard } from "./conflating-board.ts";

/** Takes a viewer's socket, or answers with the whole list. null = the request is a post. */
export function answerViewer(ctx: DurableObjectState, board: ConflatingBoard, request: Request): Response | null {
  if (request.headers.get("Upgrade") === "websocket") {
    const { 0: client, 1: server } = new WebSocketPair();
    ctx.acceptWebSocket(server);
    server.send(board.listFrame());
    return new Response(null, { status: 101, webSocket: client });
  }
  return request.method === "GET" ? new Response(board.listFrame()) : null;
}
