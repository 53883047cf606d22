import type { AgentDay, AgentSpell, DayContact } from "../../../../protocol/agent-day.ts";

/** Monday 2026-01-05, 0:00 in Mexico City. */
export const MIDNIGHT = Date.UTC(2026, 0, 5, 6);
export const HOUR = 60 * 60_000;
export const MINUTE = 60_000;

/** A time span of the agent's own status, or of a contact. Times are hours of the day. */
export function aSpell(from: number, until: number | null, fields: Partial<AgentSpell> = {}): AgentSpell {
  return {
    since: MIDNIGHT + from * HOUR,
    until: until === null ? null : MIDNIGHT + until * HOUR,
    kind: "available",
    status: "Available",
    contactId: null,
    channel: null,
    queue: null,
    ...fields,
  };
}

export function aCall(contactId: string, from: number, until: number | null, fields: Partial<AgentSpell> = {}): AgentSpell {
  return aSpell(from, until, { kind: "on a call", status: null, contactId, channel: "voice", queue: "Sales", ...fields });
}

export function aDayContact(contactId: string, from: number, until: number | null, fields: Partial<DayContact> = {}): DayContact {
  return {
    contactId,
    initialContactId: null,
    channel: "voice",
    queue: "Sales",
    begin: MIDNIGHT + from * HOUR,
    answeredAt: MIDNIGHT + from * HOUR,
    end: until === null ? null : MIDNIGHT + until * HOUR,
    endKnown: true,
    talkMs: 0,
    holdMs: 0,
    afterCallMs: 0,
    missed: 0,
    sentiment: null,
    categories: [],
    transcript: true,
    ...fields,
  };
}

/** The day of Ana so far: it is ten o'clock. */
export function aDay(fields: Partial<AgentDay> = {}): AgentDay {
  return {
    agentId: "ana",
    date: "2026-01-05",
    timeZone: "America/Mexico_City",
    keptFrom: "2025-12-29",
    from: MIDNIGHT,
    to: MIDNIGHT + 24 * HOUR,
    serverTime: MIDNIGHT + 10 * HOUR,
    spells: [aSpell(8, null), aCall("c1", 8.5, 9)],
    contacts: [aDayContact("c1", 8.5, 9, { sentiment: { score: -2.5, quarters: [0, -5, null, null] }, categories: ["Refund"] })],
    totals: {
      handled: 1,
      missed: 2,
      averageHandleMs: 30 * MINUTE,
      occupancy: 0.25,
      signedInMs: 2 * HOUR,
      talkMs: 28 * MINUTE,
      holdMs: MINUTE,
      afterCallMs: MINUTE,
      unknownMs: 0,
      byStatus: [{ status: "Available", ms: 2 * HOUR }],
    },
    median: { handled: 3, missed: 0, averageHandleMs: 4 * MINUTE, occupancy: 0.7, signedInMs: 2 * HOUR },
    ...fields,
  };
}
