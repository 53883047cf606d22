import type { AgentStatus, Channel, Sentiment, TranscriptionStatus } from "../../protocol/agent.ts";
import { isConversation } from "./agent-contact-rows.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { ContactIndex } from "./contact-index.ts";
import type { ContactRecord } from "./contact-record.ts";
import { customerWaitsSince } from "./customer-wait.ts";
import { effectiveState } from "./effective-state.ts";
import type { Listing } from "./listing.ts";
import { type RankedContact, rankedContacts } from "./ranked-contacts.ts";
import { publicTranscription } from "./transcription.ts";

/** A contact on which an agent and a customer talk or write. Times are epoch ms. */
export interface AgentTalk {
  readonly contactId: string;
  readonly channel: Channel;
  readonly queue: string | null;
  readonly startedAt: number;
  /** The customer's; null = nothing is scored yet. */
  readonly sentiment: Sentiment | null;
  /** When the newest scored turn was spoken. */
  readonly scoredAt: number | null;
  /** Final turns of the customer; null = unknown. */
  readonly customerTurns: number | null;
  readonly transcription: TranscriptionStatus | null;
  /** Since when the customer of a chat waits for an answer; null = nobody waits. */
  readonly customerWaitsSince: number | null;
  /** When the newest news of the contact itself arrived; 0 = there is none. */
  readonly receivedAt: number;
}

/**
 * Returns all contacts on which the agent talks or writes, without those that it added to a running call.
 * @param customerTurns how many final turns of the customer a contact has
 */
export function agentTalks(
  record: AgentRecord,
  listing: Listing,
  index: ContactIndex,
  customerTurns: (contactId: string) => number,
): AgentTalk[] {
  const state = effectiveState(record, listing);
  if (state === null || !state.signedIn) return [];
  const talks = rankedContacts(record, state, index).filter((entry) => isConversation(entry) && !entry.added);
  return talks.map((entry) => talkOf(entry, index, customerTurns));
}

function talkOf(
  { contact, status }: RankedContact,
  index: ContactIndex,
  customerTurns: (contactId: string) => number,
): AgentTalk {
  const known = index.matches(contact);
  const scored = known.find(({ sentiment }) => sentiment !== null);
  const listenedTo = known.find(({ transcription }) => transcription !== null)?.transcription ?? null;
  const shown: AgentStatus = status ?? "on a call";
  return {
    contactId: contact.contactId,
    channel: contact.channel,
    queue: contact.queue,
    startedAt: contact.connectedAt ?? contact.since,
    sentiment: scored?.sentiment?.customer ?? null,
    scoredAt: scored?.sentiment?.occurredAt ?? null,
    customerTurns: scored === undefined ? null : countedTurns(scored, customerTurns),
    transcription: publicTranscription(listenedTo, shown, contact.channel),
    customerWaitsSince: customerWaitsSince(contact, known),
    receivedAt: Math.max(0, ...known.map(({ receivedAt }) => receivedAt)),
  };
}

/**
 * How many final turns of the customer the score rests on. A sender may post scores without any turns. Then half of the turns that
 * the score counts are the customer's: the two sides take turns.
 */
function countedTurns({ contactId, hasTurns, sentiment }: ContactRecord, customerTurns: (contactId: string) => number): number {
  return hasTurns ? customerTurns(contactId) : Math.floor((sentiment?.turns ?? 0) / 2);
}
