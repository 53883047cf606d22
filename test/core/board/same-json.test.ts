import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameJson } from "../../../core/board/same-json.ts";

// Few names and values, so that many pairs are equal or differ in one place. Two of the names exist on every object.
const name = fc.constantFrom("a", "b", "__proto__", "constructor");
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthIdentifier: "json" },
    fc.constantFrom<unknown>(null, 0, 1, "", "1", true, false),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie("json")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe("The comparison of JSON values", () => {
  it("says of any two values the same as a structural comparison.", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(sameJson(a, b)).toBe(isDeepStrictEqual(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it("finds a copy equal to its original, in whatever order its fields are.", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(sameJson(value, reversed(value))).toBe(true);
      }),
    );
  });

  it("compares own fields only, whatever their names.", () => {
    const own = JSON.parse('{"__proto__":{}}');
    expect(sameJson(own, JSON.parse('{"__proto__":{}}'))).toBe(true);
    expect(sameJson(own, { a: {} })).toBe(false);
    expect(sameJson({ a: {} }, own)).toBe(false);
    expect(sameJson(own, JSON.parse('{"__proto__":{"a":1}}'))).toBe(false);
    expect(sameJson({ constructor: Object }, { a: Object })).toBe(false);
    expect(sameJson({ a: undefined }, { b: undefined })).toBe(false);
  });

  it("tells a list from an object with the same fields, and null from both.", () => {
    const values = [[], {}, null, ["a"], { 0: "a" }];
    for (const a of values) for (const b of values) expect(sameJson(a, b)).toBe(a === b);
  });
});

/** A copy with the fields of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([field, each]): [string, unknown] => [field, reversed(each)]);
  return Object.fromEntries(entries.reverse());
}
