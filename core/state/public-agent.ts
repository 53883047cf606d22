import type { AgentStatus } from "../../protocol/agent.ts";
import { oneDecimal } from "../../protocol/agent.ts";
import type { AgentContact, AgentStateBody } from "../../protocol/updates.ts";
import type { BoardAgent } from "../board/board.ts";
import { type AgentRecord, believed, type Listing } from "./agent-record.ts";
import type { ContactIndex, ContactRecord } from "./contact-record.ts";

/**
 * Amazon Connect reports an agent's own status ("Available") even during a call; what a supervisor means by status follows
 * from the contacts first. Precedence as documented for "Agent activity" in the Amazon Connect administrator guide:
 * error > missed or rejected > connected or on hold > after contact work > incoming > custom > available > offline.
 */
const CONTACT_STATUS: Readonly<Record<AgentContact["state"], { status: AgentStatus; rank: number } | null>> = {
  error: { status: "error", rank: 0 },
  missed: { status: "missed", rank: 1 },
  rejected: { status: "missed", rank: 1 },
  connected: { status: "on a call", rank: 2 },
  hold: { status: "on hold", rank: 2 },
  ended: { status: "after call work", rank: 3 },
  ringing: { status: "ringing", rank: 4 },
  // A paused task waits for nobody: the agent's own status counts.
  paused: null,
};

/** The public agent, or null when it is not (or no longer) on the board. `stale` is decided by time, so the caller passes it. */
export function deriveAgent(record: AgentRecord, listing: Listing, contacts: ContactIndex, stale: boolean): BoardAgent | null {
  const state = believed(record, listing);
  if (state === null) return null;
  const contact = state.signedIn ? leadingContact(record, state, contacts) : null;
  const status = contact?.status ?? ownStatus(state);
  const onCall = status === "on a call" || status === "on hold";
  const known = contact === null ? [] : contacts.matches(contact.contact);
  const sentiment = onCall ? (known.find((match) => match.sentiment !== null)?.sentiment ?? null) : null;
  return {
    agentId: record.agentId,
    name: state.name,
    status,
    sentimentScore: oneDecimal(sentiment?.customer.score ?? null),
    statusName: state.status.name,
    since: contact?.since ?? ownSince(state),
    contactId: contact?.contact.contactId ?? null,
    channel: contact?.contact.channel ?? null,
    queue: contact?.contact.queue ?? null,
    routingProfile: state.routingProfile,
    groups: state.groups,
    sentiment: sentiment === null ? null : { customer: sentiment.customer, agent: sentiment.agent },
    categories: known[0] === undefined ? [] : categoryNames(known),
    stale: stale && status !== "offline",
    callStartedAt: onCall && contact !== null ? (contact.contact.connectedAt ?? contact.contact.since) : null,
  };
}

/** The contacts a signed-in agent holds, by what is believed. */
export function heldContacts(record: AgentRecord, listing: Listing): readonly AgentContact[] {
  const state = believed(record, listing);
  if (state === null || !state.signedIn) return [];
  return state.contacts.filter((contact) => !record.swept.includes(contact.contactId));
}

interface Leading {
  contact: AgentContact;
  status: AgentStatus;
  since: number;
  rank: number;
}

/** The contact that decides the status: by precedence, then voice before the other channels, talk before hold, the older first. */
function leadingContact(record: AgentRecord, state: AgentStateBody, contacts: ContactIndex): Leading | null {
  let leading: Leading | null = null;
  for (const contact of state.contacts) {
    if (record.swept.includes(contact.contactId)) continue;
    const candidate = rank(contact, state, contacts);
    if (candidate !== null && (leading === null || comesBefore(candidate, leading))) leading = candidate;
  }
  return leading;
}

function rank(contact: AgentContact, state: AgentStateBody, contacts: ContactIndex): Leading | null {
  const endedAt = endOf(contacts.get(contact.contactId), contact, state);
  const ranked = CONTACT_STATUS[endedAt === null ? contact.state : "ended"];
  return ranked === null ? null : { contact, since: endedAt ?? contact.since, ...ranked };
}

/** When the talk ended that the agent's newest news says is going on; null while it goes on, or was none. */
function endOf(record: ContactRecord | undefined, contact: AgentContact, state: AgentStateBody): number | null {
  const talking = contact.state === "connected" || contact.state === "hold";
  const endedAt = record?.endedAt ?? null;
  return talking && endedAt !== null && endedAt > state.occurredAt ? endedAt : null;
}

/** Whether only the contact's own end says that the agent no longer talks on it. */
export function isOutlived(record: AgentRecord, listing: Listing, ended: ContactRecord): boolean {
  const state = believed(record, listing);
  const held = state?.contacts.find((contact) => contact.contactId === ended.contactId);
  return state !== null && held !== undefined && endOf(ended, held, state) !== null;
}

function comesBefore(a: Leading, b: Leading): boolean {
  if (a.rank !== b.rank) return a.rank < b.rank;
  const [voiceA, voiceB] = [a.contact.channel === "voice", b.contact.channel === "voice"];
  if (voiceA !== voiceB) return voiceA;
  if (a.status !== b.status) return a.status === "on a call";
  if (a.since !== b.since) return a.since < b.since;
  return a.contact.contactId < b.contact.contactId;
}

function ownStatus(state: AgentStateBody): AgentStatus {
  if (!state.signedIn) return "offline";
  switch (state.status.kind) {
    case "routable":
      return "available";
    case "custom":
      return "away";
    case "offline":
      return "offline";
  }
}

/** Signing out is no status of its own in Amazon Connect, so it began when it was said. */
function ownSince(state: AgentStateBody): number {
  return state.signedIn || state.status.kind === "offline" ? state.status.since : state.occurredAt;
}

function categoryNames(records: readonly ContactRecord[]): string[] {
  const first = new Map<string, number>();
  for (const { categories } of records) {
    for (const [name, at] of Object.entries(categories)) first.set(name, Math.min(at, first.get(name) ?? at));
  }
  return [...first].sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1)).map(([name]) => name);
}
