import type { AgentSpell, DayContact, SpellKind } from "../../protocol/agent-day.ts";
import { type AgentStay, agentStays, answeredPhases, beginOf, missedOffers, type StayPhase } from "./agent-stays.ts";
import type { HistoryHour } from "./history-hour.ts";
import { type OwnSpell, ownSpells } from "./own-spells.ts";
import { inOrderOfTime } from "./sighting.ts";
import { clipped, type Lasting, type TimeSpan } from "./time-spans.ts";

/** What an agent did: its own statuses, and its contacts. */
export interface AgentCourse {
  spells: readonly OwnSpell[];
  stays: readonly AgentStay[];
}

/** Derives what the agent did from all that was seen of it in some hours. `now` is epoch ms. */
export function agentCourse(hours: readonly HistoryHour[], now: number): AgentCourse {
  const sightings = hours.flatMap((hour) => hour.sightings).sort(inOrderOfTime);
  const ended = hours.flatMap((hour) => hour.ended);
  return { spells: ownSpells(sightings, now), stays: agentStays(sightings, ended, now) };
}

/**
 * Returns the time spans of a day in the order of time, cut to the day.
 * @param goesOn whether the day has not ended
 */
export function publicSpells({ spells, stays }: AgentCourse, day: TimeSpan, goesOn: boolean): AgentSpell[] {
  const own = spells.flatMap((spell) => {
    const { kind, status } = spell;
    return cut(spell, day, goesOn).map((span) => ({ ...span, kind, status, contactId: null, channel: null, queue: null }));
  });
  const onContacts = stays.flatMap(({ contactId, channel, queue, phases }) =>
    phases.flatMap((phase) => {
      const kind = kindOf(phase, channel);
      return cut(phase, day, goesOn).map((span) => ({ ...span, kind, status: null, contactId, channel, queue }));
    }),
  );
  return [...own, ...onContacts].sort((a, b) => a.since - b.since || compareIds(a.contactId, b.contactId));
}

/** Returns the contact with its whole times, also those before the day. What is known of its content is added elsewhere. */
export function dayContact(stay: AgentStay, now: number): Omit<DayContact, "sentiment" | "categories" | "transcript"> {
  const { contactId, initialContactId, channel, queue, answeredAt, end, endKnown } = stay;
  const timeIn = (state: StayPhase["state"]) =>
    answeredPhases(stay)
      .filter((phase) => phase.state === state)
      .reduce((sum, { from, until }) => sum + Math.max(0, (until ?? now) - from), 0);
  const times = { talkMs: timeIn("connected"), holdMs: timeIn("hold"), afterCallMs: timeIn("ended") };
  const missed = missedOffers(stay).length;
  return { contactId, initialContactId, channel, queue, begin: beginOf(stay), answeredAt, end, endKnown, ...times, missed };
}

function cut(spell: Lasting, day: TimeSpan, goesOn: boolean): { since: number; until: number | null }[] {
  const span = clipped(spell, day);
  if (span === null) return [];
  return [{ since: span.from, until: spell.until === null && goesOn ? null : span.until }];
}

function kindOf({ state }: StayPhase, channel: AgentStay["channel"]): SpellKind {
  switch (state) {
    case "connected":
      return channel === "voice" ? "on a call" : "on a contact";
    case "hold":
      return "on hold";
    case "ended":
      return "after call work";
    case "rejected":
      return "missed";
    case "ringing":
    case "missed":
    case "error":
    case "paused":
      return state;
  }
}

/** The agent's own status comes before what it does on contacts. */
function compareIds(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
