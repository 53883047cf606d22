import { DurableObject } from "cloudflare:workers";
import { applyUpdate, firstAgents, frame, listFrame, type PeerUpdate } from "./board.ts";

interface BareEnv {
  HUB: DurableObjectNamespace<BareLoop>;
  AGENTS: string;
}

/** The lower bound of the platform: one hibernating object that sends one frame for each update and stores nothing. */
export class BareLoop extends DurableObject<BareEnv> {
  readonly #agents = new Map(firstAgents(Number(this.env.AGENTS)).map((agent) => [agent.agentId, agent]));

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      server.send(listFrame(this.#agents));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (request.method === "GET") return new Response(listFrame(this.#agents));
    const { updates } = await request.json<{ updates: PeerUpdate[] }>();
    for (const update of updates) {
      const text = frame(applyUpdate(this.#agents, update));
      for (const socket of this.ctx.getWebSockets()) socket.send(text);
    }
    return Response.json({ accepted: updates.length });
  }

  override webSocketMessage(): void {}
}

export default {
  fetch(request: Request, env: BareEnv): Promise<Response> {
    return env.HUB.getByName("bench").fetch(request);
  },
};
