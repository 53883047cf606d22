import { describe, expect, it } from "vitest";
import { Multimap } from "../../../core/board/multimap.ts";

describe("A multimap", () => {
  it("keeps the other values of a key when one leaves, and the values of other keys.", () => {
    const map = new Multimap<string, number>();
    for (const value of [1, 2, 3]) map.addValue("a", value);
    map.addValue("b", 1);
    map.deleteValue("a", 1);
    expect([[...map.valuesOf("a")], [...map.valuesOf("b")]]).toEqual([[2, 3], [1]]);
    expect([...map.keys()]).toEqual(["a", "b"]);
  });

  it("holds a value once, however often it is added.", () => {
    const map = new Multimap<string, number>();
    map.addValue("a", 1);
    map.addValue("a", 1);
    expect([...map.valuesOf("a")]).toEqual([1]);
    map.deleteValue("a", 1);
    expect([...map.valuesOf("a")]).toEqual([]);
  });

  it("forgets a key with its last value, and ignores what it does not hold.", () => {
    const map = new Multimap<string, number>();
    map.addValue("a", 1);
    map.deleteValue("a", 2);
    map.deleteValue("b", 1);
    expect([...map.keys()]).toEqual(["a"]);
    map.deleteValue("a", 1);
    expect([...map.keys()]).toEqual([]);
  });
});
