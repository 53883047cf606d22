import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { NOON } from "../../support/updates.ts";
import { agentUpdate, contactUpdate, removal, update } from "../arbitraries.ts";
import { Center } from "../center.ts";

/** Some agents were last heard of more than five minutes before, others not. */
const LATER = NOON + 5 * 60_000 + 4_000;

/** Updates, and another way to tell the same: any order, any repetition, any split into posts. */
const toldTwice = (one: fc.Arbitrary<Update>) =>
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

describe("order", () => {
  it("ROS-1 any order, any repetition and any split into posts of the same updates ends in the same board", () => {
    fc.assert(
      fc.property(toldTwice(update), ({ updates, order, cuts }) => {
        expect(boardOf(inPosts(order, cuts))).toEqual(boardOf(inPosts(updates, [updates.length])));
      }),
      { numRuns: 3000 },
    );
  });

  it("ROS-1 a restart between any two posts loses nothing that was acknowledged", () => {
    const kept = fc.oneof(agentUpdate, contactUpdate, removal);
    fc.assert(
      fc.property(toldTwice(kept), ({ updates, order, cuts }) => {
        const restarted = inPosts(order, cuts, (center) => center.restart());
        expect(boardOf(restarted)).toEqual(boardOf(inPosts(updates, [updates.length])));
      }),
      { numRuns: 2000 },
    );
  });

  it("ROS-1 a restart after them shows the same agents, but for what only heartbeats keep fresh (TIM-1)", () => {
    fc.assert(
      fc.property(toldTwice(update), ({ order, cuts }) => {
        const [awake, restarted] = [inPosts(order, cuts), inPosts(order, cuts)];
        restarted.restart();
        const shown = (center: Center) => boardOf(center).map((agent) => ({ ...agent, stale: null }));
        expect(shown(restarted)).toEqual(shown(awake));
      }),
      { numRuns: 3000 },
    );
  });

  it("ROS-1 a repeated update is stale and changes nothing", () => {
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
