import type { DayTotals } from "../../protocol/agent-day.ts";
import type { AgentToday } from "../../protocol/agent-today.ts";
import type { AgentContact } from "../../protocol/updates.ts";
import type { AgentCourse } from "./agent-course.ts";
import { answeredPhases, missedOffers } from "./agent-stays.ts";
import type { OwnSpell } from "./own-spells.ts";
import { clipped, commonLength, joined, lengthOf, type TimeSpan } from "./time-spans.ts";

/**
 * Sums up a part of a day. The words are those of Amazon Connect (administrator guide, metrics definitions, read 2026-11): handle
 * time is talk, hold and after contact work, and occupancy counts concurrent contacts once.
 */
export function dayTotals({ spells, stays }: AgentCourse, span: TimeSpan): DayTotals {
  const own = stays.filter(({ added }) => !added);
  const inState = (...states: AgentContact["state"][]) => {
    const phases = own.flatMap((stay) => answeredPhases(stay).filter(({ state }) => states.includes(state)));
    return lengthOf(phases.flatMap((phase) => clipped(phase, span) ?? []));
  };
  const handled = own.filter(({ answeredAt, end }) => answeredAt !== null && end !== null && isWithin(end, span));
  const handleTimes = handled.flatMap(({ answeredAt, end, endKnown }) =>
    endKnown && answeredAt !== null && end !== null ? end - answeredAt : [],
  );
  const signedIn = spells.filter((spell) => spell.signedIn && spell.kind !== "unknown");
  return {
    handled: handled.length,
    missed: stays.flatMap(missedOffers).filter(({ from }) => isWithin(from, span)).length,
    averageHandleMs: handleTimes.length === 0 ? null : Math.round(sumOf(handleTimes) / handleTimes.length),
    occupancy: occupancyOf({ spells, stays }, span),
    signedInMs: lengthOf(signedIn.flatMap((spell) => clipped(spell, span) ?? [])),
    talkMs: inState("connected"),
    holdMs: inState("hold"),
    afterCallMs: inState("ended"),
    unknownMs: lengthOf(spells.filter(({ kind }) => kind === "unknown").flatMap((spell) => clipped(spell, span) ?? [])),
    byStatus: timeByStatus(signedIn, span),
  };
}

/** The figures for the board, up to the time at which a contact or a status of the day ended last. So they stand still in between. */
export function todayOf(course: AgentCourse, day: TimeSpan): AgentToday {
  const { spells, stays } = course;
  const ends = [
    ...spells.flatMap(({ until }) => until ?? []),
    ...stays.flatMap(({ end }) => end ?? []),
    // A missed offer counts as soon as it is missed: it ends when the agent clears it.
    ...stays.flatMap(missedOffers).map(({ from }) => from),
  ];
  const until = Math.max(day.from, ...ends.filter((end) => end <= day.until));
  const { handled, missed, averageHandleMs, occupancy, signedInMs } = dayTotals(course, { from: day.from, until });
  return { handled, missed, averageHandleMs, occupancy, signedInMs };
}

function occupancyOf({ spells, stays }: AgentCourse, span: TimeSpan): number | null {
  const clip = (spans: readonly { from: number; until: number | null }[]) =>
    joined(spans.flatMap((each) => clipped(each, span) ?? []));
  const busy = clip(stays.flatMap(answeredPhases).filter(({ state }) => state !== "paused"));
  const free = clip(spells.filter(({ kind }) => kind === "available"));
  const touched = clip(stays.flatMap(({ phases }) => phases).filter(({ state }) => state !== "paused"));
  const idle = lengthOf(free) - commonLength(free, touched);
  const all = lengthOf(busy) + idle;
  return all === 0 ? null : Math.round((lengthOf(busy) / all) * 10_000) / 10_000;
}

function timeByStatus(spells: readonly OwnSpell[], span: TimeSpan): DayTotals["byStatus"] {
  const sums = new Map<string, number>();
  for (const spell of spells) {
    const part = clipped(spell, span);
    const status = spell.status ?? "";
    if (part !== null) sums.set(status, (sums.get(status) ?? 0) + part.until - part.from);
  }
  return [...sums].map(([status, ms]) => ({ status, ms })).sort((a, b) => b.ms - a.ms || (a.status < b.status ? -1 : 1));
}

/** The end of a span belongs to it, and its beginning to the span before. */
function isWithin(at: number, { from, until }: TimeSpan): boolean {
  return at > from && at <= until;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
