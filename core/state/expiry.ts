import type { AgentContact } from "../../protocol/updates.ts";
import type { BoardAgent, BoardRow } from "../board/board.ts";
import { type AgentRecord, newsAt } from "./agent-record.ts";
import type { ContactRecord } from "./contact-record.ts";

/** What time alone brings about, in milliseconds. */
export interface ExpiryTimes {
  /** A signed-in agent without news for so long is shown as stale. */
  staleAfterMs: number;
  /** A contact that never ended is given up on. */
  sweepContactAfterMs: number;
  /** Turns leave the hub so long after the contact ended. */
  forgetTurnsAfterMs: number;
  /** The tombstone of a deleted agent is kept so long, for viewers that come back. */
  forgetAgentAfterMs: number;
}

export const DEFAULT_LIMITS: ExpiryTimes = {
  // Amazon Connect sends a heartbeat every 120 s, so two have been missed.
  staleAfterMs: 5 * 60_000,
  // Longer than any shift.
  sweepContactAfterMs: 12 * 60 * 60_000,
  // Enough to finish reading; what was said should not stay longer than needed.
  forgetTurnsAfterMs: 10 * 60_000,
  forgetAgentAfterMs: 30 * 24 * 60 * 60_000,
};

/**
 * An end without any words may be needed for as long as the agent's news names the call: whether it still is, is looked at this
 * often. Where turns are forgotten at once, the hub would else wake for it without a pause.
 */
const LOOK_AGAIN_MS = 10 * 60_000;

export function overdueContacts(record: AgentRecord, held: readonly AgentContact[], limits: ExpiryTimes, now: number): string[] {
  return held.map((contact) => contact.contactId).filter((contactId) => sweepAt(record, contactId, limits) <= now);
}

export function shouldForgetAgent(record: AgentRecord, row: BoardRow | undefined, limits: ExpiryTimes, now: number): boolean {
  return row?.agent == null && record.removedAt > 0 && record.removedHeardAt + limits.forgetAgentAfterMs <= now;
}

export function shouldForgetContact(contact: ContactRecord, limits: ExpiryTimes, now: number): boolean {
  return contactDeadline(contact, limits) <= now;
}

/** When time next changes something about the agent; infinity = never. */
export function nextDeadline(
  record: AgentRecord,
  agent: BoardAgent | null,
  held: readonly AgentContact[],
  limits: ExpiryTimes,
): number {
  if (agent === null) return record.removedAt > 0 ? record.removedHeardAt + limits.forgetAgentAfterMs : Number.POSITIVE_INFINITY;
  const staleAt = agent.stale || agent.status === "offline" ? Number.POSITIVE_INFINITY : newsAt(record) + limits.staleAfterMs;
  return Math.min(staleAt, ...held.map((contact) => sweepAt(record, contact.contactId, limits)));
}

/** When a contact and its turns leave the hub. Counted from when the hub heard, so that a late delivery can still be read. */
export function contactDeadline({ heardAt, endedAt, spoken }: ContactRecord, limits: ExpiryTimes): number {
  if (endedAt === null) return heardAt + limits.sweepContactAfterMs;
  return heardAt + (spoken ? limits.forgetTurnsAfterMs : Math.max(limits.forgetTurnsAfterMs, LOOK_AGAIN_MS));
}

function sweepAt({ heldSince }: AgentRecord, contactId: string, limits: ExpiryTimes): number {
  const since = Object.hasOwn(heldSince, contactId) ? heldSince[contactId] : undefined;
  return (since ?? Number.POSITIVE_INFINITY) + limits.sweepContactAfterMs;
}
