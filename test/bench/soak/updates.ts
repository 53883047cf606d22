import { randomUUID } from "node:crypto";
import type { Update } from "../../../protocol/updates.ts";

/** The posts of one call: it connects, five things are said, it ends, and the agent is free again. */
const POSTS_OF_A_CALL = 8;
const END = 6;

interface BusyAgent {
  agentId: string;
  contactId: string;
  step: number;
  since: number;
}

/** Agents who take one call after the other, beside those of the simulator. */
export class SoakCenter {
  readonly #agents: BusyAgent[];
  #next = 0;

  constructor(agents: number) {
    this.#agents = Array.from({ length: agents }, (_, index) => ({
      agentId: `soak-${index}`,
      contactId: randomUUID(),
      step: index % POSTS_OF_A_CALL,
      since: Date.now(),
    }));
  }

  /** The updates of the next post, at `now`: the next step of the next agent. */
  nextUpdates(now: number): Update[] {
    const agent = this.#agents[this.#next % this.#agents.length];
    this.#next += 1;
    if (agent === undefined) return [];
    const step = agent.step % POSTS_OF_A_CALL;
    agent.step += 1;
    if (step === 0) Object.assign(agent, { contactId: randomUUID(), since: now });
    const { contactId } = agent;
    if (step === 0 || step > END) return [stateOf(agent, step, now)];
    if (step === END)
      return [stateOf(agent, step, now), { type: "contact.ended", contactId, initialContactId: null, occurredAt: now }];
    return [turnOf(contactId, step, now), sentimentOf(contactId, step, now)];
  }
}

function stateOf({ agentId, contactId, since }: BusyAgent, step: number, now: number): Update {
  const contact = { contactId, initialContactId: null, channel: "voice", queue: "Ventas", connectedAt: since } as const;
  const ended = { ...contact, state: "ended", since: now } as const;
  return {
    type: "agent.state",
    agentId,
    occurredAt: now,
    name: `Agente ${agentId}`,
    username: agentId,
    signedIn: true,
    status: { name: "Available", kind: "routable", since },
    contacts: step === 0 ? [{ ...contact, state: "connected", since }] : step === END ? [ended] : [],
    routingProfile: "Ventas",
    groups: ["Mexico", "Ventas"],
  };
}

function turnOf(contactId: string, step: number, now: number): Update {
  return {
    type: "contact.turn",
    contactId,
    initialContactId: null,
    turnId: `turn-${step}`,
    role: "customer",
    beginMs: step * 4_000,
    endMs: step * 4_000 + 3_000,
    text: `La frase ${step} de esta llamada, que es tan larga como lo que dice una persona de una vez.`,
    final: true,
    sentiment: "neutral",
    occurredAt: now,
  };
}

function sentimentOf(contactId: string, step: number, now: number): Update {
  const score = step - 3;
  return {
    type: "contact.sentiment",
    contactId,
    initialContactId: null,
    occurredAt: now,
    customer: { score, quarters: [0, score, null, null], recent: score },
    agent: { score: 0, quarters: [0, 0, null, null], recent: 0 },
    turns: step,
  };
}
