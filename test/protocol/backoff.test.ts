import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "../../protocol/backoff.ts";

const BOUNDS = { firstMs: 500, longestMs: 30_000 };

test("The bound of the wait doubles with each failure until the longest wait.", () => {
  const longest = [0, 1, 2, 5, 6, 60, 5_000].map((failures) => backoffMs(failures, BOUNDS, 1));
  expect(longest).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
});

test("The wait is a share of its bound, from nothing to all of it.", () => {
  expect([0, 0.25, 0.5].map((random) => backoffMs(2, BOUNDS, random))).toEqual([0, 500, 1_000]);
});

test("The wait never exceeds the longest wait and is a whole number.", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
      const wait = backoffMs(failures, BOUNDS, random);
      expect(Number.isInteger(wait) && wait >= 0 && wait <= BOUNDS.longestMs).toBe(true);
    }),
  );
});
