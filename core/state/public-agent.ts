import { type AgentStatus, oneDecimal } from "../../protocol/agent.ts";
import type { AgentContact, AgentStateBody } from "../../protocol/updates.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { consultations, isTalk } from "./consultations.ts";
import type { ContactIndex } from "./contact-index.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";
import { effectiveState } from "./effective-state.ts";
import type { Listing } from "./listing.ts";
import { publicTranscription } from "./transcription.ts";

/**
 * Amazon Connect reports an agent's own status ("Available") even during a call. A supervisor means the status of the contacts
 * first. The precedence is that of "Agent activity" in the Amazon Connect administrator guide:
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
  // Nobody waits on a paused task, so the agent's own status counts.
  paused: null,
};

/** Derives the public agent, or null when it is not (or no longer) on the board. `stale` depends on time, so the caller decides it. */
export function deriveAgent(record: AgentRecord, listing: Listing, contacts: ContactIndex, stale: boolean): AgentRow | null {
  const state = effectiveState(record, listing);
  if (state === null) return null;
  const deciding = state.signedIn ? decidingContact(record, state, contacts) : null;
  const status = deciding?.status ?? ownStatus(state);
  const onCall = status === "on a call" || status === "on hold";
  const known = deciding === null ? [] : contacts.matches(deciding.contact);
  const sentiment = onCall ? (known.find((match) => match.sentiment !== null)?.sentiment ?? null) : null;
  return {
    agentId: record.agentId,
    name: state.name,
    status,
    sentimentScore: oneDecimal(sentiment?.customer.score ?? null),
    statusName: state.status.name,
    since: deciding?.since ?? ownSince(state),
    contactId: deciding?.contact.contactId ?? null,
    channel: deciding?.contact.channel ?? null,
    queue: deciding?.contact.queue ?? null,
    routingProfile: state.routingProfile,
    groups: state.groups,
    sentiment: sentiment === null ? null : { customer: sentiment.customer, agent: sentiment.agent },
    categories: known[0] === undefined ? [] : categoryNames(known),
    stale: stale && status !== "offline",
    transcription: publicTranscription(known.find((match) => match.transcription !== null)?.transcription ?? null, status),
    callStartedAt: onCall && deciding !== null ? (deciding.contact.connectedAt ?? deciding.contact.since) : null,
    nextStatus: state.signedIn ? (state.nextStatus ?? null) : null,
    capacity: state.signedIn ? (state.capacity ?? []) : [],
  };
}

/** The contacts that a signed-in agent holds, by its effective state. */
export function heldContacts(record: AgentRecord, listing: Listing): readonly AgentContact[] {
  const state = effectiveState(record, listing);
  if (state === null || !state.signedIn) return [];
  return state.contacts.filter((contact) => !record.expiredContacts.includes(contact.contactId));
}

interface DecidingContact {
  contact: AgentContact;
  status: AgentStatus;
  since: number;
  rank: number;
}

/**
 * The contact that decides the status: by precedence, then voice first, then talk before hold, then the older one. A consultation
 * decides nothing while the customer's own call goes on.
 */
function decidingContact(record: AgentRecord, state: AgentStateBody, contacts: ContactIndex): DecidingContact | null {
  const held = state.contacts.filter((contact) => !record.expiredContacts.includes(contact.contactId));
  const added = consultations(held, (contact) => isTalk(contact.state) && endOf(contacts, contact, state) === null);
  let deciding: DecidingContact | null = null;
  for (const contact of held) {
    if (added.has(contact)) continue;
    const candidate = rank(contact, state, contacts);
    if (candidate !== null && (deciding === null || comesBefore(candidate, deciding))) deciding = candidate;
  }
  return deciding;
}

function rank(contact: AgentContact, state: AgentStateBody, contacts: ContactIndex): DecidingContact | null {
  const endedAt = endOf(contacts, contact, state);
  const ranked = CONTACT_STATUS[endedAt === null ? contact.state : "ended"];
  return ranked === null ? null : { contact, since: endedAt ?? contact.since, ...ranked };
}

/** Returns the end of a talk that still goes on by the agent's newest news; null = it goes on, or there is none. */
function endOf(contacts: ContactIndex, contact: AgentContact, state: AgentStateBody): number | null {
  const record = contacts.record(contact.contactId);
  return record === undefined || !isTalk(contact.state) ? null : endAfter(record, state);
}

/** The agent's own news is right about the contact when it is as new as the end, or newer. */
function endAfter(record: ContactRecord, state: AgentStateBody): number | null {
  const endedAt = endOfContact(record);
  return endedAt !== null && endedAt > state.occurredAt ? endedAt : null;
}

/** Whether only the contact's own end says that the agent no longer talks on it. */
export function isOutlived(record: AgentRecord, listing: Listing, ended: ContactRecord): boolean {
  const state = effectiveState(record, listing);
  const held = state?.contacts.find((contact) => contact.contactId === ended.contactId);
  return state !== null && held !== undefined && isTalk(held.state) && endAfter(ended, state) !== null;
}

function comesBefore(a: DecidingContact, b: DecidingContact): boolean {
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

/** Amazon Connect has no status for signing out, so it began at the time of that news. */
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
