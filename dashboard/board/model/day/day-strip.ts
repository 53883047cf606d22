import type { AgentDay, AgentSpell, DayContact } from "../../../../protocol/agent-day.ts";
import type { AgentView } from "../../../client/contract.ts";

/** A part of time, epoch milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** A coloured part of the strip. Numbers are shares of the strip's width and height, from 0 to 1. */
export interface StripBar {
  key: string;
  spell: AgentSpell;
  x: number;
  width: number;
  y: number;
  height: number;
}

/** The sentiment of a contact, below its bar. */
export interface StripMark {
  contactId: string;
  x: number;
  width: number;
  score: number;
}

export interface Strip {
  /** What the agent did by its own status; they fill the height. */
  statuses: StripBar[];
  /** What the agent did on contacts. Contacts at the same time share the height. */
  contacts: StripBar[];
  marks: StripMark[];
}

/** Returns the end of a time span that may go on. */
function endOf({ until }: Pick<AgentSpell, "until">, now: number): number {
  return until ?? now;
}

/**
 * Returns the part of the day that is worth drawing: from the first sign of the agent to its last, or to `now` on the running
 * day. Null = nothing is known of the day.
 */
export function workedWindow({ spells, from, to }: Pick<AgentDay, "spells" | "from" | "to">, now: number): TimeWindow | null {
  const seen = spells.filter(({ kind, contactId }) => contactId !== null || (kind !== "offline" && kind !== "unknown"));
  if (seen.length === 0) return null;
  const first = Math.min(...seen.map(({ since }) => since));
  const last = Math.max(...seen.map((spell) => endOf(spell, now)));
  return { from: Math.max(from, first), to: Math.min(to, Math.max(last, first + 1)) };
}

/** Returns the window that holds all of them; null without any. */
export function commonWindow(windows: readonly (TimeWindow | null)[]): TimeWindow | null {
  const known = windows.flatMap((window) => window ?? []);
  if (known.length === 0) return null;
  return { from: Math.min(...known.map(({ from }) => from)), to: Math.max(...known.map(({ to }) => to)) };
}

/**
 * Adds what the board has seen since the answer: the agent's present status, from the moment in which it began. What the answer
 * calls running ended at that moment.
 */
export function withPresent(
  { spells, serverTime, to }: Pick<AgentDay, "spells" | "serverTime" | "to">,
  agent: Present,
): AgentSpell[] {
  const { since, status, statusName, contactId, channel, queue } = agent;
  if (since <= serverTime || since >= to) return spells;
  const ended = spells.map((spell) => (spell.until === null ? { ...spell, until: Math.max(spell.since, since) } : spell));
  const onContact = contactId !== null && status !== "available" && status !== "away" && status !== "offline";
  const present = onContact ? { status: null, contactId, channel, queue } : { ...NO_CONTACT, status: statusName };
  return [...ended, { since, until: null, kind: status, ...present }];
}

export type Present = Pick<AgentView, "since" | "status" | "statusName" | "contactId" | "channel" | "queue">;
const NO_CONTACT = { contactId: null, channel: null, queue: null } as const;

/** Lays a day out. Time spans that the window does not touch, and those without length, are left out. */
export function dayStrip(
  { spells, contacts }: { spells: readonly AgentSpell[]; contacts: readonly DayContact[] },
  window: TimeWindow,
  now: number,
): Strip {
  const length = Math.max(1, window.to - window.from);
  const place = (since: number, until: number): { x: number; width: number } | null => {
    const [from, to] = [Math.max(since, window.from), Math.min(until, window.to)];
    return to <= from ? null : { x: (from - window.from) / length, width: (to - from) / length };
  };
  const lanes = contactLanes(spells, now);
  const strip: Strip = { statuses: [], contacts: [], marks: [] };
  for (const spell of spells) {
    const at = place(spell.since, endOf(spell, now));
    if (at === null) continue;
    const key = `${spell.contactId ?? ""} ${spell.since} ${spell.kind}`;
    if (spell.contactId === null) strip.statuses.push({ key, spell, ...at, y: 0, height: 1 });
    else {
      const { lane, of } = lanes.get(spell.contactId) ?? { lane: 0, of: 1 };
      strip.contacts.push({ key, spell, ...at, y: lane / of, height: 1 / of });
    }
  }
  for (const { contactId, sentiment, answeredAt, begin, end } of contacts) {
    const at = place(answeredAt ?? begin, endOf({ until: end }, now));
    if (at !== null && sentiment !== null && sentiment.score !== null)
      strip.marks.push({ contactId, ...at, score: sentiment.score });
  }
  return strip;
}

/** Gives each contact a lane that no contact at the same time has. `of` is how many lanes its neighbours need together. */
function contactLanes(spells: readonly AgentSpell[], now: number): Map<string, { lane: number; of: number }> {
  const ranges = new Map<string, { from: number; to: number }>();
  for (const spell of spells) {
    if (spell.contactId === null) continue;
    const known = ranges.get(spell.contactId);
    const to = endOf(spell, now);
    ranges.set(spell.contactId, {
      from: Math.min(known?.from ?? spell.since, spell.since),
      to: Math.max(known?.to ?? to, to),
    });
  }
  const inOrder = [...ranges].sort(([idA, a], [idB, b]) => a.from - b.from || (idA < idB ? -1 : 1));
  const lanes = new Map<string, { lane: number; of: number }>();
  let cluster: string[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const contactId of cluster) lanes.set(contactId, { lane: lanes.get(contactId)?.lane ?? 0, of: ends.length });
    cluster = [];
    ends = [];
  };
  for (const [contactId, { from, to }] of inOrder) {
    if (ends.every((end) => end <= from)) close();
    const free = ends.findIndex((end) => end <= from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = to;
    lanes.set(contactId, { lane, of: 1 });
    cluster.push(contactId);
  }
  close();
  return lanes;
}
