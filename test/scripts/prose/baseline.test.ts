import { describe, expect, test } from "vitest";
import { baselineOf, compareWith, lowered, readBaseline } from "../../../scripts/prose/baseline.ts";
import type { ProseFinding, ProseRule } from "../../../scripts/prose/rules.ts";

const finding = (file: string, rule: ProseRule, line = 1): ProseFinding => ({ file, rule, line, text: "Text." });
const two = [finding("a.md", "semicolon", 1), finding("a.md", "semicolon", 9)];

describe("The baseline of hard texts", () => {
  test("A file with as many findings as the baseline allows is neither worse nor better.", () => {
    expect(compareWith({ "a.md": { semicolon: 2 } }, two)).toEqual({ worse: [], better: [] });
  });

  test("A file with more findings is worse, and the change lists each of them.", () => {
    const { worse, better } = compareWith({ "a.md": { semicolon: 1 } }, two);
    expect(worse).toEqual([{ file: "a.md", rule: "semicolon", allowed: 1, findings: two }]);
    expect(better).toEqual([]);
  });

  test("A new file, and a rule that the file kept until now, may have no finding.", () => {
    const { worse } = compareWith({ "a.md": { semicolon: 2 } }, [
      ...two,
      finding("a.md", "long sentence"),
      finding("b.md", "semicolon"),
    ]);
    expect(worse.map(({ file, rule }) => `${file} ${rule}`)).toEqual(["a.md long sentence", "b.md semicolon"]);
  });

  test("A file with fewer findings is better, also when it is gone.", () => {
    const { better } = compareWith({ "a.md": { semicolon: 3 }, "gone.md": { "long sentence": 1 } }, two);
    expect(better.map(({ file, allowed, findings }) => [file, allowed, findings.length])).toEqual([
      ["a.md", 3, 2],
      ["gone.md", 1, 0],
    ]);
  });

  test("Numbers fall and never rise.", () => {
    const baseline = { "a.md": { semicolon: 1, "long sentence": 2 }, "gone.md": { semicolon: 4 } } as const;
    expect(lowered(baseline, [...two, finding("a.md", "long sentence"), finding("b.md", "semicolon")])).toEqual({
      "a.md": { semicolon: 1, "long sentence": 1 },
    });
  });

  test("The first baseline has the number of findings of each file and rule, in the order of the files.", () => {
    const first = baselineOf([finding("b.md", "long sentence"), ...two]);
    expect(JSON.stringify(first)).toBe('{"a.md":{"semicolon":2},"b.md":{"long sentence":1}}');
    expect(readBaseline(JSON.stringify(first))).toEqual(first);
  });

  test("A baseline with an unknown rule or a number below one is refused.", () => {
    expect(() => readBaseline('{"a.md":{"comma":1}}')).toThrow(/comma/);
    expect(() => readBaseline('{"a.md":{"semicolon":0}}')).toThrow();
  });
});
