import { DurableObject } from "cloudflare:workers";
import { ConflatingBoard } from "./conflating-board.ts";

interface BareEnv {
  HUB: DurableObjectNamespace<BareConflating>;
  AGENTS: string;
}

/** The lower bound of the platform with conflation: one hibernating object that checks no signature and stores nothing. */
export class BareConflating extends DurableObject<BareEnv> {
  readonly #board = new ConflatingBoard(Number(this.env.AGENTS), (frame) => {
    for (const socket of this.ctx.getWebSockets()) socket.send(frame);
  });

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      server.send(this.#board.listFrame());
      return new Response(null, { status: 101, webSocket: client });
    }
    if (request.method === "GET") return new Response(this.#board.listFrame());
    return new Response(this.#board.applyPost(await request.text()));
  }

  override webSocketMessage(): void {}
}

export default {
  fetch(request: Request, env: BareEnv): Promise<Response> {
    return env.HUB.getByName("bench").fetch(request);
  },
};
