import type { AgentContact, AgentState, ContactSentiment, ContactTranscription, ContactTurn } from "../../protocol/updates.ts";

/** 2024-04-29T04:05:32.120Z, the time of the examples in the documentation. */
export const NOON = 1_714_363_532_120;

/** Returns a signed-in, available agent. `fields` override the defaults. */
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

/** Returns a connected call. `fields` override the defaults. */
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

/** Returns a final turn of the customer. `fields` override the defaults. */
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

/** Returns a score of a call in which only the customer has turns. */
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

/** Returns the news that a call is listened to. `fields` override the defaults. */
export function aTranscription(state: ContactTranscription["state"], fields: Partial<ContactTranscription> = {}) {
  return {
    type: "contact.transcription",
    contactId: "contact-1",
    initialContactId: null,
    occurredAt: NOON,
    ...fields,
    state,
  } satisfies ContactTranscription;
}
