import fc from "fast-check";
import { expect, test } from "vitest";
import { growth } from "./statistics.ts";

test("The growth of a line is its slope, even when three of twenty points stray.", () => {
  const slope = fc.double({ min: -10, max: 10, noNaN: true });
  const strays = fc.array(fc.tuple(fc.nat(19), fc.double({ min: -1000, max: 1000, noNaN: true })), { maxLength: 3 });
  fc.assert(
    fc.property(slope, fc.double({ min: -100, max: 100, noNaN: true }), strays, (rate, height, strayed) => {
      const points = Array.from({ length: 20 }, (_, x) => ({ x, y: height + rate * x }));
      for (const [at, y] of strayed) points[at] = { x: at, y };
      expect(growth(points)).toBeCloseTo(rate, 6);
    }),
  );
});

test("The growth of one point is not a number.", () => {
  expect(growth([{ x: 1, y: 2 }])).toBeNaN();
});
