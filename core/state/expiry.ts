import type { Channel } from "../../protocol/agent.ts";
import type { AgentContact } from "../../protocol/updates.ts";
import { type AgentRecord, lastHeardAt, newsAt } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";
import { isWritten, lostAt } from "./transcription.ts";

/** How long each kind of knowledge lasts, in milliseconds. */
export interface ExpiryTimes {
  /** A signed-in agent without news for so long is shown as stale. */
  staleAfterMs: number;
  /** A call that never ended expires. */
  contactExpiresAfterMs: number;
  /** A chat, a task or an e-mail that never ended expires. */
  writtenContactExpiresAfterMs: number;
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
  // A chat may last 10,080 minutes (API StartChatContact, ChatDurationInMinutes, read 2026-11-26). Half a day for a late end.
  writtenContactExpiresAfterMs: 7.5 * 24 * 60 * 60_000,
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
  return held.filter((contact) => contactExpiresAt(record, contact, times) <= now).map((contact) => contact.contactId);
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
  return Math.min(forgottenAt, staleAt, ...held.map((contact) => contactExpiresAt(record, contact, times)));
}

/** What other news says of a contact. */
export interface ContactStanding {
  /** It has ended, but its call goes on with another agent. */
  outlasted: boolean;
  /** It is no call. People may be quiet for hours, so its transcription is not lost. */
  written: boolean;
}

/** When time next changes something about the contact, epoch ms. */
export function contactDeadline(contact: ContactRecord, standing: ContactStanding, times: ExpiryTimes): number {
  return Math.min(recordExpiresAt(contact, standing, times), transcriptionLostAt(contact, standing, times));
}

function transcriptionLostAt({ transcription }: ContactRecord, { written }: ContactStanding, times: ExpiryTimes): number {
  return written ? Number.POSITIVE_INFINITY : lostAt(transcription, times.transcriptionLostAfterMs);
}

/**
 * Returns what is left of the contact at `now`: null when it and its turns expire, the same record when nothing is due. A contact
 * whose call goes on stays as if its end had just become known.
 */
export function contactAfterExpiry(
  contact: ContactRecord,
  standing: ContactStanding,
  times: ExpiryTimes,
  now: number,
): ContactRecord | null {
  if (recordExpiresAt(contact, standing, times) <= now) return standing.outlasted ? { ...contact, receivedAt: now } : null;
  const { transcription } = contact;
  if (transcription === null || transcriptionLostAt(contact, standing, times) > now) return contact;
  return { ...contact, transcription: { ...transcription, lost: true } };
}

/** It is counted from the time of arrival, so that a turn that arrives late can still be read. */
function recordExpiresAt(contact: ContactRecord, { outlasted }: ContactStanding, times: ExpiryTimes): number {
  const { receivedAt, hasTurns, channel } = contact;
  if (endOfContact(contact) === null) return receivedAt + endlessFor(channel, times);
  return (
    receivedAt + (hasTurns && !outlasted ? times.turnsExpireAfterMs : Math.max(times.turnsExpireAfterMs, CHECK_END_AGAIN_MS))
  );
}

function contactExpiresAt({ heldSince }: AgentRecord, { contactId, channel }: AgentContact, times: ExpiryTimes): number {
  const since = Object.hasOwn(heldSince, contactId) ? heldSince[contactId] : undefined;
  return (since ?? Number.POSITIVE_INFINITY) + endlessFor(channel, times);
}

/** How long a contact may go without an end. */
function endlessFor(channel: Channel | null, times: ExpiryTimes): number {
  return isWritten(channel) ? times.writtenContactExpiresAfterMs : times.contactExpiresAfterMs;
}
