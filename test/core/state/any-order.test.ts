import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { NOON } from "../../support/updates.ts";
import { agentUpdate, contactUpdate, removal, update } from "../arbitraries.ts";
import { Center } from "../center.ts";

/** At this time some agents had their last news more than five minutes ago, and others later. */
const LATER = NOON + 5 * 60_000 + 4_000;

/** Makes updates and a second delivery of them: in another order, with repetitions, and split into posts. */
const deliveredTwice = (one: fc.Arbitrary<Update>) =>
  fc.array(one, { minLength: 1, maxLength: 14 }).chain((updates) =>
    fc.record({
      updates: fc.constant(updates),
      order: fc
        .shuffledSubarray([...updates.keys(), ...updates.keys()], { minLength: updates.length })
        .filter((order) => new Set(order).size === updates.length)
        .map((order) => order.flatMap((index) => updates[index] ?? [])),
      cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 }),
    }),
  );

function inPosts(updates: readonly Update[], cuts: readonly number[], between: (center: Center) => void = () => {}): Center {
  const center = new Center();
  for (let start = 0, turn = 0; start < updates.length; turn += 1) {
    const size = cuts[turn % cuts.length] ?? 1;
    center.post(...updates.slice(start, start + size));
    start += size;
    between(center);
  }
  return center;
}

function boardOf(center: Center) {
  center.expireAt(LATER);
  return center.agents();
}

describe("The order of updates", () => {
  it("ROS-1 The same updates give the same board in any order, repetition and split into posts.", () => {
    fc.assert(
      fc.property(deliveredTwice(update), ({ updates, order, cuts }) => {
        expect(boardOf(inPosts(order, cuts))).toEqual(boardOf(inPosts(updates, [updates.length])));
      }),
      { numRuns: 3000 },
    );
  });

  it("ROS-1 A restart between any two posts loses no acknowledged state, removal or contact update.", () => {
    const kept = fc.oneof(agentUpdate, contactUpdate, removal);
    fc.assert(
      fc.property(deliveredTwice(kept), ({ updates, order, cuts }) => {
        const restarted = inPosts(order, cuts, (center) => center.restart());
        expect(boardOf(restarted)).toEqual(boardOf(inPosts(updates, [updates.length])));
      }),
      { numRuns: 2000 },
    );
  });

  it("ROS-1 The board shows the same agents after a restart, apart from `stale` (TIM-1).", () => {
    fc.assert(
      fc.property(deliveredTwice(update), ({ order, cuts }) => {
        const [awake, restarted] = [inPosts(order, cuts), inPosts(order, cuts)];
        restarted.restart();
        const shown = (center: Center) => boardOf(center).map((agent) => ({ ...agent, stale: null }));
        expect(shown(restarted)).toEqual(shown(awake));
      }),
      { numRuns: 3000 },
    );
  });

  it("ROS-1 A repeated update is stale and changes nothing.", () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 10 }), (updates) => {
        const center = new Center();
        center.postEach(...updates);
        const { seq } = center.state.board;
        expect(center.post(...updates)).toMatchObject({ accepted: 0, stale: updates.length });
        expect(center.state.board.seq).toBe(seq);
      }),
      { numRuns: 2000 },
    );
  });
});
