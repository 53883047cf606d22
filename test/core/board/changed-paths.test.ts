import { describe, expect, it } from "vitest";
import { changedPaths, valueAt } from "../../../core/board/changed-paths.ts";
import { KeptRows } from "../../../dashboard/client/kept-rows.ts";
import { rowNumber } from "../../../protocol/row-number.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";

/** A value of a few shapes, so that two of them are often alike. */
function randomValue(random: SeededRandom, depth: number): unknown {
  const kind = depth === 0 ? "leaf" : random.pick(["leaf", "object", "list", "object"]);
  if (kind === "leaf") return random.pick([0, 1, null, "a", true]);
  const entries = Array.from({ length: random.integerBelow(4) }, () => randomValue(random, depth - 1));
  return kind === "list"
    ? entries
    : Object.fromEntries(entries.map((value, index) => [random.pick(["x", "y", `z${index}`]), value]));
}

describe("Changed paths", () => {
  it.each([
    ["nothing", { a: 1 }, { a: 1 }, []],
    ["a leaf", 1, 2, ["f"]],
    ["a field of an object", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, ["f.a.c"]],
    ["an entry of a list", [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }], ["f.1.a"]],
    ["the length of a list", [1], [1, 2], ["f"]],
    ["the fields of an object", { a: 1 }, { a: 1, b: 2 }, ["f"]],
    ["an object that came", null, { a: 1 }, ["f"]],
    ["a list that became an object", [1], { 0: 1 }, ["f"]],
    ["a name with a dot", { "a.b": 1 }, { "a.b": 2 }, ["f"]],
    ["an object of many fields", many(17, 1), many(17, 2), ["f"]],
  ])("ZIP-3 name %s.", (_, before, after, paths) => {
    expect(changedPaths("f", before, after)).toEqual(paths);
  });

  it("ZIP-3 lead a client from any value to any other, through whatever lies between (2,000 histories).", () => {
    const random = new SeededRandom(11);
    for (let history = 0; history < 2000; history += 1) {
      const values = Array.from({ length: 2 + random.integerBelow(3) }, () => randomValue(random, 3));
      const last = values.at(-1);
      const touched = values.slice(1).flatMap((value, index) => changedPaths("f", values[index], value));
      const paths = [...new Set(touched)].filter((path) => !touched.some((outer) => path.startsWith(`${outer}.`)));
      // A viewer may have joined at any of them.
      const joined = random.integerBelow(values.length);
      const rows = new KeptRows<{ id: string; f: unknown }, { id: string; f: unknown }>({
        keyField: "id",
        read: ({ id, f }) => (typeof id === "string" ? { id, f } : undefined),
        view: (_, row) => row,
      });
      rows.apply({ data: [{ id: "r", f: values[joined] }], removed: null }, 0);
      const before = structuredClone(rows.rows.get("r"));
      const kept = rows.rows.get("r");
      const row = [rowNumber("r"), 0, ...paths.map((path) => valueAt({ f: last }, path))];
      rows.apply(rows.expand({ data: [row], removed: [] }, { 0: paths }), 0);
      expect(rows.rows.get("r")?.f, JSON.stringify({ values, paths, joined })).toEqual(
        paths.length === 0 ? values[joined] : last,
      );
      expect(kept).toEqual(before);
    }
  });
});

function many(count: number, value: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
}
