import type { Channel, Sentiment, TranscriptionStatus } from "../../protocol/agent.ts";
import type { AgentRow } from "./agent-row.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import type { ContactIndex } from "./contact-index.ts";
import type { ContactRecord } from "./contact-record.ts";

/** A contact on which an agent and a customer talk. Times are epoch ms. */
export interface AgentTalk {
  readonly contactId: string;
  readonly channel: Channel | null;
  readonly queue: string | null;
  readonly startedAt: number | null;
  /** The customer's; null = nothing is scored yet. */
  readonly sentiment: Sentiment | null;
  /** When the newest scored turn was spoken. */
  readonly scoredAt: number | null;
  /** Final turns of the customer; null = unknown. */
  readonly customerTurns: number | null;
  readonly transcription: TranscriptionStatus | null;
  /** When the newest news of the contact itself arrived; 0 = there is none. */
  readonly receivedAt: number;
}

/**
 * Returns the contacts on which the agent talks.
 * @param customerTurns how many final turns of the customer a contact has
 */
export function agentTalks(
  row: AgentRow,
  assignments: ContactAssignments,
  index: ContactIndex,
  customerTurns: (contactId: string) => number,
): AgentTalk[] {
  const { contactId, callStartedAt } = row;
  if (contactId === null || callStartedAt === null) return [];
  const held = assignments.contactsOf(row.agentId).find((contact) => contact.contactId === contactId);
  const known = index.matches({ contactId, initialContactId: held?.initialContactId ?? null });
  const scored = known.find(({ sentiment }) => sentiment !== null);
  return [
    {
      contactId,
      channel: row.channel,
      queue: row.queue,
      startedAt: callStartedAt,
      sentiment: row.sentiment?.customer ?? null,
      scoredAt: scored?.sentiment?.occurredAt ?? null,
      customerTurns: scored === undefined ? null : countedTurns(scored, customerTurns),
      transcription: row.transcription,
      receivedAt: Math.max(0, ...known.map(({ receivedAt }) => receivedAt)),
    },
  ];
}

/**
 * How many final turns of the customer the score rests on. A sender may post scores without any turns. Then half of the turns that
 * the score counts are the customer's: the two sides take turns.
 */
function countedTurns({ contactId, hasTurns, sentiment }: ContactRecord, customerTurns: (contactId: string) => number): number {
  return hasTurns ? customerTurns(contactId) : Math.floor((sentiment?.turns ?? 0) / 2);
}
