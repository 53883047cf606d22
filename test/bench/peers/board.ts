/** The work of every peer: it keeps the agents, applies the same updates and sends them to every viewer. */

export interface PeerAgent {
  agentId: string;
  sentimentScore: number | null;
  [field: string]: unknown;
}

export interface PeerUpdate {
  agentId: string;
  sentimentScore: number;
}

/** Returns the agents that every peer starts with. They are as large on the wire as Vigía's own. */
export function firstAgents(count: number): PeerAgent[] {
  return Array.from({ length: count }, (_, index) => ({
    agentId: agentId(index),
    name: `María Fernanda Agente ${index}`,
    status: "on a call",
    duration: 120,
    sentimentScore: 0,
    statusName: "Available",
    since: 1_795_000_000_000,
    contactId: contactId(index),
    channel: "voice",
    queue: "BasicQueue",
    routingProfile: "Basic Routing Profile",
    groups: ["Mexico", "Ventas"],
    sentiment: {
      customer: { score: 0, quarters: [0, 0, 0, 0], recent: 0 },
      agent: { score: 0, quarters: [0, 0, 0, 0], recent: 0 },
    },
    categories: [],
    stale: false,
  }));
}

export function agentId(index: number): string {
  return `0aa1bb22-1111-4222-8333-${String(index).padStart(12, "0")}`;
}

export function contactId(index: number): string {
  return `b373d225-c6c8-48eb-b7ec-${String(index).padStart(12, "0")}`;
}

/** Applies an update in place. Returns the changed agent. */
export function applyUpdate(agents: Map<string, PeerAgent>, update: PeerUpdate): PeerAgent {
  const agent: PeerAgent = { ...agents.get(update.agentId), ...update };
  agents.set(update.agentId, agent);
  return agent;
}

export function frame(agent: PeerAgent): string {
  return JSON.stringify({ type: "agentStatusUpdate", data: agent });
}

export function listFrame(agents: Map<string, PeerAgent>): string {
  return JSON.stringify({ type: "initialAgentList", data: [...agents.values()] });
}
