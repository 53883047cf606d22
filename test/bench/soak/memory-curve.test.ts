import { expect, test } from "vitest";
import { judgeGrowth } from "./memory-curve.ts";

const WARM_UP = 12;

/** A sample each half minute, with the noise of a garbage collector. */
function curve(minutes: number, megabytesAt: (minute: number) => number) {
  const points = Array.from({ length: minutes * 2 + 1 }, (_, index): [number, number] => {
    return [index / 2, megabytesAt(index / 2) + (index % 5) * 2];
  });
  return { name: "process", points };
}

test.each([
  [60, 28],
  [30, 20],
])("A soak of %i minutes tells a leak from a store that is full after %i minutes.", (minutes, fullAt) => {
  const kindOf = (megabytesAt: (minute: number) => number) => judgeGrowth(curve(minutes, megabytesAt), WARM_UP).kind;
  expect(kindOf(() => 300)).toBe("flat");
  expect(kindOf((minute) => 300 + minute * 2.4)).toBe("grows");
  expect(kindOf((minute) => 300 + Math.min(minute, fullAt) * 8)).toBe("fills");
  expect(kindOf((minute) => 300 + (minute === minutes - 4 ? 200 : 0))).toBe("flat");
});

test("A leak that begins late is told from a flat process.", () => {
  expect(
    judgeGrowth(
      curve(60, (minute) => 300 + Math.max(0, minute - 40) * 4),
      WARM_UP,
    ).kind,
  ).toBe("grows");
});

test("A soak that is shorter than its warm-up has no verdict.", () => {
  expect(
    judgeGrowth(
      curve(5, () => 300),
      WARM_UP,
    ),
  ).toEqual({ kind: "short", perHour: 0, latelyPerHour: 0 });
  expect(judgeGrowth({ name: "process", points: [] }, WARM_UP).kind).toBe("short");
});
