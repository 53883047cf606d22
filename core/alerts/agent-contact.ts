import type { AgentRow } from "../state/agent-row.ts";
import type { ContactFacts } from "./facts.ts";

/** What the hub knows of a contact beside the agent's row. */
export type ContactEvidence = Pick<ContactFacts, "customerTurns" | "scoredAt" | "customerWaitsSince">;

const UNKNOWN: ContactEvidence = { customerTurns: null, scoredAt: null, customerWaitsSince: null };

/**
 * Reads the facts of an agent's deciding contact off its row, and ends those of the contact that the agent had before.
 * @param before the row as the alerts know it; null = the agent is new
 * @param after the row as it stands; null = the agent is gone
 * @param evidence what the hub knows of the contact of `after`; undefined = nothing
 * @param confirmedAt when the news of the agent arrived, epoch ms
 */
export function contactFactsOf(
  before: AgentRow | null,
  after: AgentRow | null,
  evidence: ContactEvidence | undefined,
  confirmedAt: number,
): ContactFacts[] {
  const facts: ContactFacts[] = [];
  if (before !== null && isTalking(before) && (after === null || !isTalking(after) || after.contactId !== before.contactId)) {
    facts.push({ ...contactOf(before, UNKNOWN, confirmedAt), going: false });
  }
  if (after !== null && isTalking(after)) facts.push(contactOf(after, evidence ?? UNKNOWN, confirmedAt));
  return facts;
}

function isTalking({ contactId, callStartedAt }: AgentRow): boolean {
  return contactId !== null && callStartedAt !== null;
}

function contactOf(row: AgentRow, evidence: ContactEvidence, confirmedAt: number): ContactFacts {
  return {
    kind: "contact",
    contactId: row.contactId ?? "",
    going: true,
    agentName: row.name || null,
    groups: row.groups,
    queue: row.queue,
    channel: row.channel,
    startedAt: row.callStartedAt,
    sentiment: row.sentiment?.customer ?? null,
    customerTurns: evidence.customerTurns,
    scoredAt: evidence.scoredAt,
    transcription: row.transcription,
    customerWaitsSince: evidence.customerWaitsSince,
    confirmedAt,
  };
}
