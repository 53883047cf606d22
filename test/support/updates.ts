import type { AgentContact, AgentState, ContactSentiment, ContactTurn } from "../../protocol/updates.ts";

/** 2024-04-29T04:05:32.120Z: the moment the examples of the documentation happen in. */
export const NOON = 1_714_363_532_120;

/** A signed-in, available agent; override what the test is about. */
export function anAgentState(fields: Partial<AgentState> = {}): AgentState {
  return {
    type: "agent.state",
    agentId: "agent-1",
    occurredAt: NOON,
    name: "Jane Doe",
    username: "jane.doe",
    signedIn: true,
    status: { name: "Available", kind: "routable", since: NOON - 60_000 },
    contacts: [],
    routingProfile: "Basic Routing Profile",
    groups: ["Ventas"],
    ...fields,
  };
}

/** A call that the agent talks on. */
export function aContact(fields: Partial<AgentContact> = {}): AgentContact {
  return {
    contactId: "contact-1",
    initialContactId: null,
    channel: "voice",
    state: "connected",
    since: NOON,
    connectedAt: NOON,
    queue: "BasicQueue",
    ...fields,
  };
}

/** A customer's final turn. */
export function aTurn(fields: Partial<ContactTurn> = {}): ContactTurn {
  return {
    type: "contact.turn",
    contactId: "contact-1",
    initialContactId: null,
    turnId: "turn-1",
    role: "customer",
    beginMs: 7_370,
    endMs: 11_190,
    text: "Es la tercera vez que llamo.",
    final: true,
    sentiment: "negative",
    occurredAt: NOON,
    ...fields,
  };
}

/** A score in which only the customer has spoken. */
export function aSentiment(score: number, fields: Partial<ContactSentiment> = {}): ContactSentiment {
  return {
    type: "contact.sentiment",
    contactId: "contact-1",
    initialContactId: null,
    occurredAt: NOON,
    customer: { score, quarters: [score, null, null, null], recent: score },
    agent: { score: null, quarters: [null, null, null, null], recent: null },
    turns: 1,
    ...fields,
  };
}
