import { describe, expect, test } from "vitest";
import type { DayTotals } from "../../../protocol/agent-day.ts";
import type { Update } from "../../../protocol/updates.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { DayCenter, MINUTE, NINE } from "./day-center.ts";
import { type ShiftTruth, SimulatedShift } from "./simulated-shift.ts";

/** Each agent takes half a second. SIMULATED_AGENTS=200 plays the day of a whole center: it held on 2026-11-26. */
const AGENTS = Number(process.env["SIMULATED_AGENTS"] ?? 16);
const HOURS = 8;
const SHIFT_SECONDS = HOURS * 3600;

/** Posts come each two minutes. Every tenth update comes late or twice, in any order. */
function play(center: DayCenter, shifts: readonly SimulatedShift[]): void {
  const random = new SeededRandom(7);
  const posts: Update[][] = Array.from({ length: HOURS * 30 + 5 }, () => []);
  const deliver = (update: Update, post: number) => posts[Math.min(post, posts.length - 1)]?.push(update);
  for (const update of shifts.flatMap((shift) => shift.updates())) {
    const at = "occurredAt" in update ? update.occurredAt : NINE;
    const post = Math.floor((at - NINE) / (2 * MINUTE));
    const isOdd = random.next() < 0.1;
    deliver(update, isOdd ? post + Math.floor(random.next() * 4) : post);
    if (isOdd && random.next() < 0.5) deliver(update, post + 1);
  }
  for (const [index, updates] of posts.entries()) {
    center.now = NINE + (index + 1) * 2 * MINUTE;
    if (updates.length > 0) center.post(...updates.sort(() => random.next() - 0.5));
  }
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

describe("A simulated day of agents", () => {
  test("DAY-1 ends with the true totals, on the board and in the day.", { timeout: 600_000 }, () => {
    const center = new DayCenter();
    const shifts = Array.from({ length: AGENTS }, (_, index) => new SimulatedShift(index + 1, NINE, SHIFT_SECONDS));
    play(center, shifts);
    for (const shift of shifts) {
      const real = trueTotals(shift.truth());
      expect([shift.agentId, center.day(shift.agentId).totals]).toEqual([shift.agentId, real]);
      const { handled, missed, averageHandleMs, occupancy, signedInMs } = real;
      expect(center.history.today(shift.agentId)).toEqual({ handled, missed, averageHandleMs, occupancy, signedInMs });
    }
    const { rows, characters } = center.store.size;
    // One row for each agent and hour. The limits are what docs/cost.md counts with.
    expect(rows / AGENTS).toBeLessThanOrEqual(HOURS + 2);
    expect(characters / AGENTS).toBeLessThan(200_000);
    expect(center.rowsWritten / AGENTS).toBeLessThan(400);
  });
});
