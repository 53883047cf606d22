import { type Connection, routePartykitRequest, Server } from "partyserver";
import { applyUpdate, firstAgents, frame, listFrame, type PeerUpdate } from "./board.ts";

interface PartyEnv extends Cloudflare.Env {
  HUB: DurableObjectNamespace<Party>;
  AGENTS: string;
}

/** PartyServer as its README shows it: it hibernates, and each update calls `broadcast`. */
export class Party extends Server<PartyEnv> {
  static override options = { hibernate: true };
  readonly #agents = new Map(firstAgents(Number(this.env.AGENTS)).map((agent) => [agent.agentId, agent]));

  override onConnect(connection: Connection): void {
    connection.send(listFrame(this.#agents));
  }

  override async onRequest(request: Request): Promise<Response> {
    if (request.method === "GET") return new Response(listFrame(this.#agents));
    const { updates } = await request.json<{ updates: PeerUpdate[] }>();
    for (const update of updates) this.broadcast(frame(applyUpdate(this.#agents, update)));
    return Response.json({ accepted: updates.length });
  }
}

export default {
  async fetch(request: Request, env: PartyEnv): Promise<Response> {
    const url = new URL(request.url);
    url.pathname = "/parties/hub/bench";
    return (await routePartykitRequest(new Request(url, request), { HUB: env.HUB })) ?? new Response("no route", { status: 404 });
  },
};
