import fc from "fast-check";
import type { Update } from "../../../../protocol/updates.ts";
import { rulesOf } from "../../alerts/sample-facts.ts";
import { update } from "../../arbitraries.ts";
import { queueUpdate } from "../../queues/random-queue-updates.ts";
import { ReplayedCenter } from "./replayed-center.ts";

const RULES = rulesOf(
  { id: "status", watch: "statusTime", warning: 20, critical: 90, cooldownSeconds: 30 },
  { id: "missed", watch: "missedInRow", warning: 1, critical: 2 },
);

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
export const steps = fc.array(step, { minLength: 3, maxLength: 14 });
export const stepsWithEpochs = fc.array(
  fc.oneof({ arbitrary: step, weight: 8 }, { arbitrary: fc.record({ what: fc.constant("epoch" as const), wait }), weight: 1 }),
  { minLength: 3, maxLength: 14 },
);

/** Plays the steps. Every first keyframe of a chain is stored at once, the others when a step says so, or `always` at once too. */
export function play(list: readonly Step[], always = false): ReplayedCenter {
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
