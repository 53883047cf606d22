import fc from "fast-check";
import type { Capacity } from "../../protocol/agent.ts";
import type { AgentContact, AgentStateBody, Issue, Update } from "../../protocol/updates.ts";
import { NOON } from "../support/updates.ts";

// Few agents, contacts and times, so that many updates concern the same thing and many times are equal.
const agentId = fc.constantFrom("agent-1", "agent-2", "agent-3");
const contactId = fc.constantFrom("call-1", "call-2", "call-3", "call-4");
const initialContactId = fc.option(contactId, { nil: null, freq: 2 });
const time = fc.integer({ min: 0, max: 8 }).map((second) => NOON + second * 1000);
const score = fc.option(fc.constantFrom(-5, -2.5, 0, 3.1, 5), { nil: null, freq: 4 });
export const groups = fc.constantFrom<string[][]>([], ["Ventas"], ["Soporte"], ["Ventas", "Soporte"]);

const contact: fc.Arbitrary<AgentContact> = fc.record({
  contactId,
  initialContactId,
  channel: fc.constantFrom("voice", "chat"),
  state: fc.constantFrom("ringing", "connected", "hold", "ended", "missed", "error", "paused"),
  since: time,
  connectedAt: fc.option(time, { nil: null }),
  queue: fc.constantFrom("BasicQueue", null),
  direction: fc.constantFrom("inbound", "transfer", "monitor", undefined),
});
const monitored = fc.record({ contactId: fc.constantFrom("ear-1", "ear-2"), initialContactId, since: time });

const snapshotFields = {
  name: fc.constantFrom("Jane Doe", "Ana", ""),
  username: fc.constantFrom("jane", null),
  signedIn: fc.boolean(),
  status: fc.record({
    name: fc.constantFrom("Available", "Almuerzo"),
    kind: fc.constantFrom("routable", "custom", "offline"),
    since: time,
  }),
  contacts: fc.uniqueArray(contact, { maxLength: 3, selector: (held) => held.contactId }),
  routingProfile: fc.constantFrom("Basic Routing Profile", null),
  groups,
  nextStatus: fc.constantFrom("Almuerzo", null, undefined),
  capacity: fc.constantFrom<Capacity[][]>([], [{ channel: "chat", used: 1, max: 5 }]),
  monitoring: fc.option(fc.array(monitored, { maxLength: 2 }), { nil: undefined, freq: 2 }),
};
const stateBody: fc.Arbitrary<AgentStateBody> = fc.record({
  agentId,
  occurredAt: time,
  ...snapshotFields,
  order: fc.constantFrom("9", "10", "11", undefined),
});
const listed = fc.uniqueArray(stateBody, { maxLength: 3, selector: (body) => body.agentId });

const sentiment = fc.record({
  score,
  quarters: fc.tuple(score, score, score, score).map((quarters) => [...quarters]),
  recent: score,
});

/** Positions that lie within each of the turn texts below. */
const issues: fc.Arbitrary<Issue[]> = fc.array(fc.record({ begin: fc.nat({ max: 1 }), end: fc.integer({ min: 2, max: 4 }) }), {
  maxLength: 2,
});

export const agentUpdate: fc.Arbitrary<Update> = stateBody.map((body) => ({ type: "agent.state", ...body }));
export const contactUpdate: fc.Arbitrary<Update> = fc.oneof(
  fc.record({
    type: fc.constant("contact.sentiment"),
    contactId,
    initialContactId,
    occurredAt: time,
    customer: sentiment,
    agent: sentiment,
    turns: fc.nat({ max: 3 }),
  }),
  fc.record({
    type: fc.constant("contact.turn"),
    contactId,
    initialContactId,
    turnId: fc.constantFrom("turn-1", "turn-2"),
    role: fc.constantFrom("customer", "agent"),
    beginMs: fc.nat({ max: 2000 }),
    endMs: fc.nat({ max: 4000 }),
    text: fc.constantFrom("hola", "adiós"),
    final: fc.boolean(),
    sentiment: fc.constantFrom("positive", "mixed", null),
    issues: fc.option(issues, { nil: undefined }),
    occurredAt: time,
  }),
  fc.record({
    type: fc.constant("contact.category"),
    contactId,
    initialContactId,
    name: fc.constantFrom("PortalIssue", "Cancelación"),
    occurredAt: time,
  }),
  fc.record({ type: fc.constant("contact.ended"), contactId, initialContactId, occurredAt: time }),
  fc.record({
    type: fc.constant("contact.transcription"),
    contactId,
    initialContactId,
    state: fc.constantFrom("live", "ended", "failed", "off"),
    occurredAt: time,
  }),
);
export const removal: fc.Arbitrary<Update> = fc.record({
  type: fc.constant("agent.removed"),
  agentId,
  occurredAt: time,
});
const sighting: fc.Arbitrary<Update> = fc.oneof(
  fc.record({ type: fc.constant("agent.heartbeat"), agentId, occurredAt: time }),
  fc.record({ type: fc.constant("agent.heartbeat"), agentId, occurredAt: time, snapshot: fc.record(snapshotFields) }),
  fc.record({ type: fc.constant("roster.snapshot"), takenAt: time, agents: listed }),
  fc
    .record({ part: fc.integer({ min: 1, max: 2 }), parts: fc.constantFrom(1, 2), takenAt: time, agents: listed })
    .map(({ part, parts, ...rest }) => ({ type: "roster.snapshot" as const, ...rest, part: Math.min(part, parts), parts })),
);
/** A rule of Amazon Connect that matched, about a contact, an agent, a queue or the whole center. */
const raised: fc.Arbitrary<Update> = fc.record({
  type: fc.constant("alert.raised"),
  ruleName: fc.constantFrom("Cliente enojado", "Espera larga"),
  severity: fc.constantFrom("warning", "critical"),
  contactId: fc.option(contactId, { nil: null }),
  agentId: fc.option(agentId, { nil: null }),
  queueId: fc.constantFrom("q1", null),
  occurredAt: time,
});
export const update: fc.Arbitrary<Update> = fc.oneof(
  { arbitrary: agentUpdate, weight: 4 },
  { arbitrary: contactUpdate, weight: 4 },
  { arbitrary: removal, weight: 1 },
  { arbitrary: sighting, weight: 2 },
  { arbitrary: raised, weight: 1 },
);
