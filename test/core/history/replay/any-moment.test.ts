import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anAgentState, NOON } from "../../../support/updates.ts";
import { play, steps, stepsWithEpochs } from "./random-history.ts";

/** It changes the board, whatever was before. */
const SOMETHING = anAgentState({ agentId: "newcomer", occurredAt: NOON + 1 });
const DAY_MS = 24 * 60 * 60_000;

describe("The board of a past moment", () => {
  it("HIS-1 At 500 random moments of random histories the replayed board is the one that was there.", () => {
    let moments = 0;
    fc.assert(
      fc.property(steps, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (list, shares) => {
        const center = play(list);
        for (const share of shares) {
          const at = Math.round(NOON + share * (center.now - NOON));
          expect(center.boardAt(at)).toBe(center.recordedAt(at));
          expect(center.boardAt(at, ["Ventas"])).toBe(center.recordedAt(at, ["Ventas"]));
          moments += 1;
        }
      }),
    );
    expect(moments).toBeGreaterThanOrEqual(500);
  });

  it("HIS-1 After the days before are deleted the moments of today are as they were, and earlier ones are unknown.", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const center = play([...list, { what: "post", wait: 13 * 60 * 60, updates: [SOMETHING] }], true);
        const midnight = Math.floor(center.now / DAY_MS) * DAY_MS;
        const before = center.recordedTimes().map((at) => [at, center.boardAt(at)] as const);
        center.log.deleteBefore(midnight);
        for (const [at, board] of before) expect(center.boardAt(at)).toBe(at < midnight ? null : board);
      }),
    );
  });

  it("HIS-1 A new epoch begins a new chain, and no moment is answered with the board of another.", () => {
    fc.assert(
      fc.property(stepsWithEpochs, (list) => {
        const center = play(list);
        for (const at of center.recordedTimes()) expect([center.recordedAt(at), null]).toContain(center.boardAt(at));
        expect(center.boardAt(center.now)).toBe(center.recordedAt(center.now));
      }),
    );
  });
});
