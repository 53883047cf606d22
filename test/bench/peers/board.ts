/** The work of every peer: it keeps the agents, applies the same updates and sends them to every viewer. */

export interface PeerScore {
  score: number;
  quarters: readonly number[];
  recent: number;
}

export interface PeerAgent {
  agentId: string;
  sentimentScore: number | null;
  sentiment: { customer: PeerScore; agent: PeerScore };
  contacts: readonly { contactId: string; sentimentScore: number; [field: string]: unknown }[];
  [field: string]: unknown;
}

export interface PeerUpdate {
  agentId: string;
  sentimentScore: number;
}

/** No later score is as good, so the first update of each agent is a change. */
export const FIRST_SCORE = 5;

/** Returns the agents that every peer starts with. They are as large on the wire as Vigía's own. */
export function firstAgents(count: number): PeerAgent[] {
  return Array.from({ length: count }, (_, index) => ({
    agentId: agentId(index),
    name: `María Fernanda Agente ${index}`,
    status: "on a call",
    duration: 120,
    sentimentScore: FIRST_SCORE,
    statusName: "Available",
    since: 1_795_000_000_000,
    contactId: contactId(index),
    channel: "voice",
    queue: "BasicQueue",
    routingProfile: "Basic Routing Profile",
    groups: ["Mexico", "Ventas"],
    sentiment: {
      customer: { score: FIRST_SCORE, quarters: [0, 0, 0, FIRST_SCORE], recent: FIRST_SCORE },
      agent: { score: 0, quarters: [0, 0, 0, 0], recent: 0 },
    },
    contacts: [
      {
        contactId: contactId(index),
        channel: "voice",
        status: "on a call",
        since: 1_795_000_000_000,
        startedAt: 1_795_000_000_000,
        queue: "BasicQueue",
        direction: null,
        sentimentScore: FIRST_SCORE,
      },
    ],
    stale: false,
  }));
}

export function agentId(index: number): string {
  return randomId(index, 1);
}

export function contactId(index: number): string {
  return randomId(index, 2);
}

/** Returns the same id for the same index. Its digits look random, as those of Amazon Connect: numbered ids compress too well. */
function randomId(index: number, kind: number): string {
  let state = index * 4 + kind;
  const word = () => {
    // splitmix32 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014; constants of MurmurHash3).
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, "0");
  };
  const [a, b, c, d] = [word(), word(), word(), word()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** Returns the agent with the scores of its contact, in all the fields in which Vigía's protocol `hub.v1` shows them. */
export function withScores(agent: PeerAgent, customer: PeerScore, ofAgent: PeerScore): PeerAgent {
  const contacts = agent.contacts.map((contact) => ({ ...contact, sentimentScore: customer.score }));
  return { ...agent, sentimentScore: customer.score, sentiment: { customer, agent: ofAgent }, contacts };
}

/** Returns the fields that a new score changes, as `hub.v1` sends them. */
export function changedByScore({ agentId: id, sentimentScore, sentiment, contacts }: PeerAgent) {
  return { agentId: id, sentimentScore, sentiment, contacts };
}

/** Applies an update in place. Returns the changed agent. */
export function applyUpdate(agents: Map<string, PeerAgent>, update: PeerUpdate): PeerAgent {
  const before = agents.get(update.agentId);
  if (before === undefined) throw new Error(`There is no agent ${update.agentId}. Start the peer with more agents.`);
  const agent: PeerAgent = { ...before, ...update };
  agents.set(update.agentId, agent);
  return agent;
}

export function frame(agent: PeerAgent): string {
  return JSON.stringify({ type: "agentStatusUpdate", data: agent });
}

export function listFrame(agents: Map<string, PeerAgent>): string {
  return JSON.stringify({ type: "initialAgentList", data: [...agents.values()] });
}
