import { oneDecimal } from "../../protocol/agent.ts";
import type { AgentToday } from "../../protocol/agent-today.ts";
import type { AgentContact, AgentStateBody } from "../../protocol/updates.ts";
import { contactRows, isConversation, sentimentOf } from "./agent-contact-rows.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { isTalk } from "./consultations.ts";
import type { ContactIndex } from "./contact-index.ts";
import type { ContactListeners } from "./contact-listeners.ts";
import type { ContactRecord } from "./contact-record.ts";
import { effectiveState } from "./effective-state.ts";
import type { Listing } from "./listing.ts";
import { decidingContact, endAfter, rankedContacts } from "./ranked-contacts.ts";
import { publicTranscription } from "./transcription.ts";

/**
 * Derives the public agent, or null when it is not (or no longer) on the board.
 * @param stale depends on time, so the caller decides it
 * @param today the figures of the agent's day
 */
export function deriveAgent(
  record: AgentRecord,
  listing: Listing,
  contacts: ContactIndex,
  listeners: ContactListeners,
  stale: boolean,
  today: AgentToday | null = null,
): AgentRow | null {
  const state = effectiveState(record, listing);
  if (state === null) return null;
  const ranked = state.signedIn ? rankedContacts(record, state, contacts) : [];
  const deciding = decidingContact(ranked);
  const status = deciding?.status ?? ownStatus(state);
  const conversation = deciding !== null && isConversation(deciding) ? deciding : null;
  const known = deciding === null ? [] : contacts.matches(deciding.contact);
  const sentiment = conversation === null ? null : sentimentOf(conversation, contacts);
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
    transcription: publicTranscription(
      known.find((match) => match.transcription !== null)?.transcription ?? null,
      status,
      deciding?.contact.channel ?? null,
    ),
    callStartedAt: conversation === null ? null : (conversation.contact.connectedAt ?? conversation.contact.since),
    nextStatus: state.signedIn ? (state.nextStatus ?? null) : null,
    capacity: state.signedIn ? (state.capacity ?? []) : [],
    contacts: contactRows(ranked, contacts),
    contactCount: ranked.length,
    listening: listeners.listenersOf(
      record.agentId,
      state.groups,
      ranked.filter(isConversation).map(({ contact }) => contact),
    ),
    today,
  };
}

/** The contacts that a signed-in agent holds, by its effective state. */
export function heldContacts(record: AgentRecord, listing: Listing): readonly AgentContact[] {
  const state = effectiveState(record, listing);
  if (state === null || !state.signedIn) return [];
  return state.contacts.filter((contact) => !record.expiredContacts.includes(contact.contactId));
}

/** Whether only the contact's own end says that the agent no longer talks on it. */
export function isOutlived(record: AgentRecord, listing: Listing, ended: ContactRecord): boolean {
  const state = effectiveState(record, listing);
  const held = state?.contacts.find((contact) => contact.contactId === ended.contactId);
  return state !== null && held !== undefined && isTalk(held.state) && endAfter(ended, state) !== null;
}

function ownStatus(state: AgentStateBody): "available" | "away" | "offline" {
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
