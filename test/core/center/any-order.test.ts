import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { CenterAlert } from "../../../protocol/alert.ts";
import type { Update } from "../../../protocol/updates.ts";
import { NOON } from "../../support/updates.ts";
import { rulesOf } from "../alerts/sample-facts.ts";
import { update } from "../arbitraries.ts";
import { Center } from "../center.ts";
import { MemoryStore } from "../memory-store.ts";

const SECOND = 1000;
const RULES = rulesOf(
  { id: "status", watch: "statusTime", warning: 20, critical: 90, cooldownSeconds: 30 },
  { id: "held", watch: "statusTime", statuses: ["available", "away"], warning: 10, forSeconds: 15 },
  { id: "missed", watch: "missedInRow", warning: 1, critical: 2 },
  { id: "low", watch: "sentimentRecent", minCustomerTurns: 1, warning: 0, critical: -3, cooldownSeconds: 20 },
  { id: "fall", watch: "sentimentFall", minCustomerTurns: 1, warning: 1, critical: 5 },
  { id: "long", watch: "contactTime", warning: 30, critical: 100 },
  { id: "lost", watch: "transcriptionLost", warning: 0 },
  { id: "waits", watch: "answerWait", channels: ["chat"], warning: 25 },
  { id: "feed", watch: "feedSilence", warning: 60, critical: 120 },
);

interface Step {
  wait: number;
  updates: Update[];
}

/**
 * Storage may know the last heartbeat 2.5 min too late (TIM-1). Then a list without the agent counts for more, and of two agents of one
 * contact another one is the newest. A list is a heartbeat of each of its agents.
 */
const ownUpdate = update.filter(({ type }) => type !== "agent.heartbeat" && type !== "roster.snapshot");
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 80 }), updates: fc.array(ownUpdate, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 8 },
);

function newCenter(): Center {
  return new Center(DEFAULT_EXPIRY, new MemoryStore(), undefined, RULES);
}

function alertsOf(center: Center): CenterAlert[] {
  return center.core.alerts.list(null, "all").sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
}

/** Plays the steps on a board that looks at time with each of them. `restart` loses the memory after each. */
function play(list: readonly Step[], restart: boolean): Center {
  const center = newCenter();
  for (const { wait, updates } of list) {
    center.expireAt(center.now + wait * SECOND);
    if (restart) center.restart();
    center.post(...updates);
    if (restart) center.restart();
  }
  center.expireAt(center.now + 200 * SECOND);
  return center;
}

describe("The alerts of a center", () => {
  it("ALR-7 Restarts at any step give the same alerts.", () => {
    fc.assert(
      fc.property(steps, (list) => {
        expect(alertsOf(play(list, true))).toEqual(alertsOf(play(list, false)));
      }),
      { numRuns: 60 },
    );
  });

  it("ALR-7 The alerts on the board are those that storage has.", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const center = play(list, false);
        const shown = alertsOf(center);
        center.restart();
        expect(alertsOf(center)).toEqual(shown);
        center.advanceTo(center.now);
        expect(alertsOf(center)).toEqual(shown);
      }),
      { numRuns: 40 },
    );
  });

  it("ALR-2 What fires by status and time is the same in every order of the posts.", () => {
    const byTime = rulesOf(
      { id: "status", watch: "statusTime", warning: 2, critical: 6 },
      { id: "missed", watch: "missedInRow", warning: 1, critical: 2 },
      { id: "long", watch: "contactTime", warning: 3 },
    );
    // An alert of a rule of Amazon Connect has the groups that were known when it fired.
    const other = update.filter(({ type }) => type !== "alert.raised");
    fc.assert(
      fc.property(fc.array(other, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (updates, numbers) => {
        const firing = (order: readonly Update[]) => {
          const center = new Center(DEFAULT_EXPIRY, new MemoryStore(), undefined, byTime);
          center.now = NOON + 10 * SECOND;
          for (const one of order) center.post(one);
          // Only a status has spells: late news about one gives it the id that it would have had in time.
          const nameOf = ({ rule, alertId }: CenterAlert) => (rule === "status" ? alertId : rule);
          const fired = center.core.alerts.list(null, "firing");
          return fired
            .map((alert) => `${nameOf(alert)} ${JSON.stringify(alert.subject)} ${alert.severity} ${alert.groups}`)
            .sort();
        };
        const shuffled = updates.map((one) => ({ one, rank: numbers.next().value ?? 0 })).sort((a, b) => a.rank - b.rank);
        expect(firing(shuffled.map(({ one }) => one))).toEqual(firing(updates));
      }),
      { numRuns: 100 },
    );
  });
});
