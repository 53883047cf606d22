import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText, ForeignValues, timeOrNull } from "../../../aws-ingest/connect/foreign-values.ts";

describe("A text that is cut", () => {
  test("A text within the limit stays as it is, and a longer one ends in a mark within the limit.", () => {
    expect([cutText("", 5), cutText("abcde", 5), cutText("abcdef", 5)]).toEqual(["", "abcde", "abcd…"]);
  });

  test.each([
    ["a surrogate pair", "abc🥪def", 5, "abc…"],
    ["a family of several emoji", "ab👨‍👩‍👧‍👦cd", 8, "ab…"],
    ["a flag", "abc🇲🇽def", 6, "abc…"],
    ["a letter with an accent of its own", "abcdn\u0303o", 6, "abcd…"],
  ])("The cut never goes through %s.", (_name, text, max, expected) => {
    expect(cutText(text, max)).toBe(expected);
  });

  test("A letter with hundreds of accents is cut in its middle, because nothing else would be left.", () => {
    expect(cutText(`e${"\u0301".repeat(500)}`, 256)).toBe(`e${"\u0301".repeat(254)}…`);
  });

  test("Any text becomes one that is within the limit and can be sent as UTF-8.", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const cut = cutText(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(Buffer.from(cut, "utf8").toString("utf8")).toBe(cut);
        if (text.length > max) expect(cut.endsWith("…")).toBe(true);
      }),
    );
  });
});

describe("Foreign values", () => {
  test("Each cut value is counted once, and half of a surrogate pair is replaced without being counted.", () => {
    const values = new ForeignValues();
    expect(values.label("x".repeat(256))).toHaveLength(256);
    expect(values.label("a\uD83Eb")).toBe("a\uFFFDb");
    expect(values.flaws.cut).toBe(0);
    expect(values.label("x".repeat(257))).toHaveLength(256);
    expect(values.turnText("x".repeat(20_001))).toHaveLength(20_000);
    expect(values.first([1, 2, 3], 2)).toEqual([1, 2]);
    expect(values.flaws).toEqual({ cut: 3, skipped: 0 });
  });

  test("Two long ids that begin alike stay two, and the same long id stays the same.", () => {
    const values = new ForeignValues();
    const [one, other] = ["a", "b"].map((end) => values.id("i".repeat(400) + end));
    expect(one).not.toBe(other);
    expect([one?.length, values.id(`${"i".repeat(400)}a`)]).toEqual([256, one]);
  });
});

test.each([
  ["2024-04-29T04:05:32.120Z", 1_714_363_532_120],
  ["2024-04-29T04:05:32Z", 1_714_363_532_000],
  ["2024-04-29T06:05:32.120123456+02:00", 1_714_363_532_120],
  [new Date(1_714_363_532_120), 1_714_363_532_120],
  ["1970-01-01T00:00:00.001Z", null],
  ["2024-04-29T04:05:32", null],
  ["2024-04-29", null],
  ["1714363532120", null],
  [new Date(Number.NaN), null],
  ["", null],
  [null, null],
  [undefined, null],
])("The foreign time %j is %j.", (time, ms) => {
  expect(timeOrNull(time)).toBe(ms);
});
