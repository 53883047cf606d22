import type { AgentContact } from "../../protocol/updates.ts";
import { type AgentRecord, lastHeardAt, newsAt } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";
import { lostAt } from "./transcription.ts";

/** How long each kind of knowledge lasts, in milliseconds. */
export interface ExpiryTimes {
  /** A signed-in agent without news for so long is shown as stale. */
  staleAfterMs: number;
  /** A contact that never ended expires. */
  contactExpiresAfterMs: number;
  /** A transcription of which nothing arrives for so long is lost. */
  transcriptionLostAfterMs: number;
  /** Turns are deleted so long after the contact ended. */
  turnsExpireAfterMs: number;
  /** The tombstone of a deleted agent is kept so long, for viewers that come back. */
  tombstoneExpiresAfterMs: number;
  /** An agent without any news for so long leaves the board. */
  agentForgottenAfterMs: number;
  /** A heartbeat of an agent of whom nothing else is known counts so long. */
  strangerExpiresAfterMs: number;
}

export const DEFAULT_EXPIRY: ExpiryTimes = {
  // Amazon Connect sends a heartbeat every 120 s, so two are missing.
  staleAfterMs: 5 * 60_000,
  // Longer than any shift.
  contactExpiresAfterMs: 12 * 60 * 60_000,
  // A sender that listens sends a sign every 20 s, so two are missing.
  transcriptionLostAfterMs: 45_000,
  // Enough to finish reading. A transcript should not stay longer than needed.
  turnsExpireAfterMs: 10 * 60_000,
  tombstoneExpiresAfterMs: 30 * 24 * 60 * 60_000,
  // Longer than most holidays.
  agentForgottenAfterMs: 30 * 24 * 60 * 60_000,
  // The state that belongs to it is late by minutes, or it never comes: the source repeats heartbeats of deleted users.
  strangerExpiresAfterMs: 24 * 60 * 60_000,
};

/**
 * The end of a contact without turns counts as long as the agent's news names the contact, and a contact that has ended stays while
 * its call goes on. The hub checks so often whether that still holds. Without this pause it would wake all the time where turns expire at once.
 */
const CHECK_END_AGAIN_MS = 10 * 60_000;

/** The contacts that the agent holds and that have expired. */
export function expiredContacts(record: AgentRecord, held: readonly AgentContact[], times: ExpiryTimes, now: number): string[] {
  return held.map((contact) => contact.contactId).filter((contactId) => contactExpiresAt(record, contactId, times) <= now);
}

/** Whether the record of an agent that is not on the board has expired: a tombstone, or the heartbeat of a stranger. */
export function isRecordExpired(record: AgentRecord, row: AgentRow | null, times: ExpiryTimes, now: number): boolean {
  return row === null && absentUntil(record, times) <= now;
}

/** Whether an agent on the board had no news for so long that it leaves the board. Signed out or not makes no difference. */
export function isForgotten(record: AgentRecord, row: AgentRow | null, times: ExpiryTimes, now: number): boolean {
  return row !== null && lastHeardAt(record) + times.agentForgottenAfterMs <= now;
}

/** Until when the record of an agent that is not on the board is kept. */
function absentUntil(record: AgentRecord, times: ExpiryTimes): number {
  if (record.removedAt > 0) return record.removalReceivedAt + times.tombstoneExpiresAfterMs;
  return lastHeardAt(record) + times.strangerExpiresAfterMs;
}

/** When time next changes something about the agent, epoch ms; infinity = never. */
export function agentDeadline(
  record: AgentRecord,
  row: AgentRow | null,
  held: readonly AgentContact[],
  times: ExpiryTimes,
): number {
  if (row === null) return absentUntil(record, times);
  const forgottenAt = lastHeardAt(record) + times.agentForgottenAfterMs;
  const staleAt = row.stale || row.status === "offline" ? Number.POSITIVE_INFINITY : newsAt(record) + times.staleAfterMs;
  return Math.min(forgottenAt, staleAt, ...held.map((contact) => contactExpiresAt(record, contact.contactId, times)));
}

/**
 * When time next changes something about the contact, epoch ms.
 * @param outlasted the contact has ended, but its call goes on with another agent
 */
export function contactDeadline(contact: ContactRecord, outlasted: boolean, times: ExpiryTimes): number {
  return Math.min(recordExpiresAt(contact, outlasted, times), lostAt(contact.transcription, times.transcriptionLostAfterMs));
}

/**
 * Returns what is left of the contact at `now`: null when it and its turns expire, the same record when nothing is due. A contact
 * whose call goes on stays as if its end had just become known.
 */
export function contactAfterExpiry(
  contact: ContactRecord,
  outlasted: boolean,
  times: ExpiryTimes,
  now: number,
): ContactRecord | null {
  if (recordExpiresAt(contact, outlasted, times) <= now) return outlasted ? { ...contact, receivedAt: now } : null;
  const { transcription } = contact;
  if (transcription === null || lostAt(transcription, times.transcriptionLostAfterMs) > now) return contact;
  return { ...contact, transcription: { ...transcription, lost: true } };
}

/** It is counted from the time of arrival, so that a turn that arrives late can still be read. */
function recordExpiresAt(contact: ContactRecord, outlasted: boolean, times: ExpiryTimes): number {
  const { receivedAt, hasTurns } = contact;
  if (endOfContact(contact) === null) return receivedAt + times.contactExpiresAfterMs;
  return (
    receivedAt + (hasTurns && !outlasted ? times.turnsExpireAfterMs : Math.max(times.turnsExpireAfterMs, CHECK_END_AGAIN_MS))
  );
}

function contactExpiresAt({ heldSince }: AgentRecord, contactId: string, times: ExpiryTimes): number {
  const since = Object.hasOwn(heldSince, contactId) ? heldSince[contactId] : undefined;
  return (since ?? Number.POSITIVE_INFINITY) + times.contactExpiresAfterMs;
}
