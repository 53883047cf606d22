import { Agent, getAgentByName } from "agents";
import { applyUpdate, firstAgents, listFrame, type PeerAgent, type PeerUpdate } from "./board.ts";

interface AgentsEnv extends Cloudflare.Env {
  HUB: DurableObjectNamespace<AgentsSdkBoard>;
  AGENTS: string;
}

/** The Agents SDK as its documentation shows it: the board is the state, and each update calls `setState`. */
export class AgentsSdkBoard extends Agent<AgentsEnv, { agents: PeerAgent[] }> {
  override initialState = { agents: firstAgents(500) };

  override async onRequest(request: Request): Promise<Response> {
    const agents = new Map(this.state.agents.map((agent) => [agent.agentId, agent]));
    if (request.method === "GET") return new Response(listFrame(agents));
    const { updates } = await request.json<{ updates: PeerUpdate[] }>();
    for (const update of updates) {
      applyUpdate(agents, update);
      this.setState({ agents: [...agents.values()] });
    }
    return Response.json({ accepted: updates.length });
  }
}

export default {
  async fetch(request: Request, env: AgentsEnv): Promise<Response> {
    const agent = await getAgentByName(env.HUB, "bench");
    return agent.fetch(request);
  },
};
