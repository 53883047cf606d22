import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { aQueueContact } from "../queues/queue-center.ts";
import { DayCenter, HOUR, MINUTE } from "./day-center.ts";
import { AGENTS, deliveries, movedBy, timeOf } from "./random-days.ts";

const NO_RESTART: ReadonlySet<number> = new Set();

function outcome(updates: readonly Update[], restarts = NO_RESTART): unknown {
  const center = new DayCenter();
  center.now = NOON + 10 * HOUR;
  for (const [index, each] of updates.entries()) {
    center.post(each);
    if (restarts.has(index)) center.restart(...AGENTS);
  }
  return AGENTS.map((agentId) => [center.history.today(agentId), center.day(agentId, "2024-04-29")]);
}

/** Clocks change in the night before the second date. `midnight` begins it. */
const NIGHTS = [
  { timeZone: "Europe/Madrid", midnight: Date.UTC(2026, 2, 28, 23), dates: ["2026-03-28", "2026-03-29"] },
  { timeZone: "Europe/Madrid", midnight: Date.UTC(2026, 9, 24, 22), dates: ["2026-10-24", "2026-10-25"] },
  { timeZone: "Asia/Kolkata", midnight: Date.UTC(2026, 9, 24, 18, 30), dates: ["2026-10-24", "2026-10-25"] },
];
const night = fc.record({ of: fc.constantFrom(...NIGHTS), hoursBefore: fc.integer({ min: 0, max: 8 }) });

interface Night {
  of: (typeof NIGHTS)[number];
  hoursBefore: number;
}

/** The same deliveries around a midnight. `live`: each when it has happened and the one before was posted, and not all of them afterwards. */
function outcomeOfNight({ of, hoursBefore }: Night, updates: readonly Update[], restarts: ReadonlySet<number> | null): unknown {
  const center = new DayCenter({ timeZone: of.timeZone });
  const end = of.midnight + 14 * HOUR;
  center.now = restarts === null ? end : of.midnight - hoursBefore * HOUR;
  for (const [index, each] of updates.entries()) {
    const moved = movedBy(each, of.midnight - hoursBefore * HOUR - NOON);
    center.now = Math.max(center.now, timeOf(moved));
    center.post(moved);
    if (restarts?.has(index) === true) center.restart(...AGENTS);
  }
  center.now = end;
  center.history.beginDay(end);
  return AGENTS.map((agentId) => [center.history.today(agentId), of.dates.map((date) => center.day(agentId, date))]);
}

describe("The days of agents", () => {
  test("DAY-9 are the same in every order of the news, with every repetition, and after restarts at any step.", () => {
    fc.assert(
      fc.property(deliveries, ({ all, other, restarts }) => {
        expect(outcome(other, restarts)).toEqual(outcome(all));
      }),
      { numRuns: 200 },
    );
  });

  test("DAY-9 are the same when midnight passes between any two posts, on days of 23, 24 and 25 hours.", () => {
    fc.assert(
      fc.property(night, deliveries, (at, { all, other, restarts }) => {
        expect(outcomeOfNight(at, other, restarts)).toEqual(outcomeOfNight(at, all, null));
      }),
      { numRuns: 150 },
    );
  });

  test("DAY-9 know the first news of a day that says the same as the last of the day before, in both orders.", () => {
    const last = anAgentState({ occurredAt: NOON + 30 * MINUTE });
    const { name, username, signedIn, status, contacts, routingProfile, groups } = last;
    const snapshot = { name, username, signedIn, status, contacts, routingProfile, groups };
    const first: Update = { type: "agent.heartbeat", agentId: last.agentId, occurredAt: NOON + HOUR, snapshot };
    for (const of of NIGHTS) {
      const night = { of, hoursBefore: 1 };
      expect(outcomeOfNight(night, [last, first], null)).toEqual(outcomeOfNight(night, [first, last], NO_RESTART));
    }
  });

  test("DAY-9 know a state that comes after the event of a later end, in both orders.", () => {
    const seen = anAgentState({ occurredAt: NOON });
    const again = anAgentState({ occurredAt: NOON + 1000 });
    const end = aQueueContact({ agentId: "agent-1", connectedAt: NOON + 39 * MINUTE, endedAt: NOON + 39 * MINUTE });
    expect(outcome([seen, end, again])).toEqual(outcome([again, seen, end]));
  });

  test("DAY-9 know that a contact goes on after the event of its end, in both orders.", () => {
    const shown = (seenAt: number, state: "connected" | "hold", since: number) => {
      const contact = aContact({ contactId: "call-1", state, since: NOON + since * MINUTE, connectedAt: NOON });
      return anAgentState({ occurredAt: NOON + seenAt * MINUTE, contacts: [contact] });
    };
    const [talks, holds] = [shown(10, "connected", 0), shown(12, "hold", 11)];
    const end = aQueueContact({ contactId: "call-1", agentId: "agent-1", connectedAt: NOON, endedAt: NOON + 5 * MINUTE });
    expect(outcome([talks, end, holds])).toEqual(outcome([holds, talks, end]));
  });
});
