import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Update } from "../../../../protocol/updates.ts";
import { anAgentState, NOON } from "../../../support/updates.ts";
import { rulesOf } from "../../alerts/sample-facts.ts";
import { update } from "../../arbitraries.ts";
import { queueUpdate } from "../../queues/random-queue-updates.ts";
import { ReplayedCenter } from "./replayed-center.ts";

const RULES = rulesOf(
  { id: "status", watch: "statusTime", warning: 20, critical: 90, cooldownSeconds: 30 },
  { id: "missed", watch: "missedInRow", warning: 1, critical: 2 },
);

/** It changes the board, whatever was before. */
const SOMETHING = anAgentState({ agentId: "newcomer", occurredAt: NOON + 1 });
const DAY_MS = 24 * 60 * 60_000;

/** What happens `wait` seconds after the step before. */
type Step = { wait: number } & ({ what: "post"; updates: Update[] } | { what: "expire" | "keyframe" | "restart" | "epoch" });

const wait = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 80 }), weight: 5 },
  // Beyond the time between keyframes, and into the next day.
  { arbitrary: fc.constantFrom(301, 13 * 60 * 60), weight: 1 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      what: fc.constant("post" as const),
      wait,
      updates: fc.array(fc.oneof(update, queueUpdate), { minLength: 1, maxLength: 4 }),
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record({ what: fc.constantFrom("expire" as const, "restart" as const, "keyframe" as const), wait }),
    weight: 3,
  },
);
const steps = fc.array(step, { minLength: 3, maxLength: 14 });
const stepsWithEpochs = fc.array(
  fc.oneof({ arbitrary: step, weight: 8 }, { arbitrary: fc.record({ what: fc.constant("epoch" as const), wait }), weight: 1 }),
  { minLength: 3, maxLength: 14 },
);

/** Plays the steps. Every first keyframe of a chain is stored at once, the others when a step says so, or `always` at once too. */
function play(list: readonly Step[], always = false): ReplayedCenter {
  const center = new ReplayedCenter(RULES);
  center.beginLog();
  for (const each of list) {
    center.now += each.wait * 1000;
    if (each.what === "post") center.post(...each.updates);
    else if (each.what === "expire") center.expire();
    else if (each.what === "keyframe") center.storeKeyframe();
    else if (each.what === "restart") center.restart();
    else {
      center.changeEpoch(`epoch of ${center.now}`);
      center.beginLog();
    }
    if (always) center.storeKeyframe();
  }
  return center;
}

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
