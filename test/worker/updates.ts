// Updates as the Lambdas post them, with defaults for the fields that a test does not need.

export interface StateOverrides {
  occurredAt?: number;
  name?: string;
  signedIn?: boolean;
  status?: { name: string; kind: string; since: number };
  contacts?: unknown[];
  groups?: string[];
  routingProfile?: string;
}

export function agentState(agentId: string, overrides: StateOverrides = {}) {
  const occurredAt = overrides.occurredAt ?? Date.now();
  return {
    type: "agent.state",
    agentId,
    occurredAt,
    name: `Agent ${agentId}`,
    username: agentId,
    signedIn: true,
    status: { name: "Available", kind: "routable", since: occurredAt },
    contacts: [],
    routingProfile: "Basic Routing Profile",
    groups: [],
    ...overrides,
  };
}

export function contact(contactId: string, overrides: Record<string, unknown> = {}) {
  const since = Date.now() - 5000;
  return {
    contactId,
    initialContactId: null,
    channel: "voice",
    state: "connected",
    since,
    connectedAt: since,
    queue: "BasicQueue",
    ...overrides,
  };
}

export function onCall(agentId: string, contactId: string, overrides: StateOverrides = {}) {
  return agentState(agentId, { contacts: [contact(contactId)], ...overrides });
}

export function sentiment(contactId: string, score: number, overrides: Record<string, unknown> = {}) {
  return {
    type: "contact.sentiment",
    contactId,
    initialContactId: null,
    occurredAt: Date.now(),
    customer: { score, quarters: [score, null, null, null], recent: score },
    agent: { score: 0, quarters: [0, null, null, null], recent: 0 },
    turns: 3,
    ...overrides,
  };
}

export function turn(contactId: string, turnId: string, overrides: Record<string, unknown> = {}) {
  return {
    type: "contact.turn",
    contactId,
    initialContactId: null,
    turnId,
    role: "customer",
    beginMs: 1000,
    endMs: 2000,
    text: `words of ${turnId}`,
    final: true,
    sentiment: "neutral",
    occurredAt: Date.now(),
    ...overrides,
  };
}

export function transcription(contactId: string, state: "live" | "ended" | "failed" | "off", occurredAt = Date.now()) {
  return { type: "contact.transcription", contactId, initialContactId: null, state, occurredAt };
}
