import { describe, expect, test } from "vitest";
import type { DayTotals } from "../../../protocol/agent-day.ts";
import type { Update } from "../../../protocol/updates.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { DayCenter, MINUTE, NINE } from "./day-center.ts";
import { type ShiftTruth, SimulatedShift } from "./simulated-shift.ts";

const HOURS = 8;
const SHIFT_SECONDS = HOURS * 3600;

/** Plays the shifts of so many agents. Posts come each `minutes`, and every tenth update comes late or twice, in any order. */
function playDay(agents: number, minutes: number): { center: DayCenter; shifts: SimulatedShift[] } {
  const center = new DayCenter();
  const shifts = Array.from({ length: agents }, (_, index) => new SimulatedShift(index + 1, NINE, SHIFT_SECONDS));
  const random = new SeededRandom(7);
  const posts: Update[][] = Array.from({ length: (HOURS * 60) / minutes + 5 }, () => []);
  const deliver = (update: Update, post: number) => posts[Math.min(post, posts.length - 1)]?.push(update);
  for (const update of shifts.flatMap((shift) => shift.updates())) {
    const at = "occurredAt" in update ? update.occurredAt : NINE;
    const post = Math.floor((at - NINE) / (minutes * MINUTE));
    const isOdd = random.next() < 0.1;
    deliver(update, isOdd ? post + Math.floor(random.next() * 4) : post);
    if (isOdd && random.next() < 0.5) deliver(update, post + 1);
  }
  for (const [index, updates] of posts.entries()) {
    center.now = NINE + (index + 1) * minutes * MINUTE;
    if (updates.length > 0) center.post(...updates.sort(() => random.next() - 0.5));
  }
  return { center, shifts };
}

function trueTotals({ handled, missed, handleTimes, ...truth }: ShiftTruth): DayTotals {
  const mean = handleTimes.reduce((sum, time) => sum + time, 0) / handled;
  return {
    handled,
    missed,
    averageHandleMs: Math.round(mean * 1000),
    occupancy: Math.round((truth.busy / (truth.busy + truth.idle)) * 10_000) / 10_000,
    signedInMs: truth.signedIn * 1000,
    talkMs: truth.talk * 1000,
    holdMs: truth.hold * 1000,
    afterCallMs: truth.afterCall * 1000,
    unknownMs: 0,
    byStatus: [
      { status: "Available", ms: (truth.signedIn - truth.lunch) * 1000 },
      { status: "Almuerzo", ms: truth.lunch * 1000 },
    ],
  };
}

function expectTruth(center: DayCenter, shifts: readonly SimulatedShift[]): void {
  for (const shift of shifts) {
    const real = trueTotals(shift.truth());
    expect([shift.agentId, center.day(shift.agentId).totals]).toEqual([shift.agentId, real]);
    const { handled, missed, averageHandleMs, occupancy, signedInMs } = real;
    expect(center.history.today(shift.agentId)).toEqual({ handled, missed, averageHandleMs, occupancy, signedInMs });
  }
}

describe("A simulated day of agents", () => {
  // News of an hour in a post, because each post counts the figures of everybody anew.
  test("DAY-1 ends with the true totals of 200 agents, on the board and in the day.", { timeout: 120_000 }, () => {
    const { center, shifts } = playDay(200, 60);
    expectTruth(center, shifts);
  });

  test("DAY-1 ends with the true totals, and with the rows that the costs count with, when posts come soon.", () => {
    const agents = 4;
    const { center, shifts } = playDay(agents, 2);
    expectTruth(center, shifts);
    const { rows, characters } = center.store.size;
    // One row for each agent and hour. The limits are what docs/cost.md counts with.
    expect(rows / agents).toBeLessThanOrEqual(HOURS + 2);
    expect(characters / agents).toBeLessThan(200_000);
    expect(center.rowsWritten / agents).toBeLessThan(400);
  });
});
