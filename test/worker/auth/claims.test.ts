import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimAt, IDS, NAMES, readList } from "../../../worker/auth/claims.ts";

describe("The grammar of a list of groups", () => {
  it.each([
    [
      ["Mexico Norte", "Soporte"],
      ["Mexico Norte", "Soporte"],
    ],
    ["Mexico Norte,Soporte", ["Mexico Norte", "Soporte"]],
    [" Ventas,\tMexico Norte , ", ["Ventas", "Mexico Norte"]],
    ["Mexico Norte", ["Mexico Norte"]],
    ["[Ventas, Mexico Norte]", ["Ventas", "Mexico Norte"]],
    ["[]", []],
    ["[101, true]", ["101", "true"]],
    ["", []],
    [[], []],
    ['["Ventas","Norte, Sur"]', ["Ventas", "Norte, Sur"]],
    ['[{"id":"g1","name":"Ventas"}]', ["Ventas"]],
    [
      [{ id: "g1", name: "Mexico Norte" }, { id: "Soporte" }, "Otros"],
      ["Mexico Norte", "Soporte", "Otros"],
    ],
    [{ id: "g1", name: "Ventas" }, ["Ventas"]],
    [["Ventas", 7, null], ["Ventas"]],
    [["*"], ["*"]],
    ["/Mexico/Ventas", ["/Mexico/Ventas"]],
    ['["Ventas"', ['["Ventas"']],
  ])("IDN-2 The claim %j is the list %j.", (claim, groups) => {
    expect(readList(claim, NAMES)).toEqual(groups);
  });

  it.each([undefined, null, 7, true, {}, { 0: "Ventas" }, [7, null], [{}], [{ name: 7 }]])(
    "IDN-2 The claim %j is no list, and grants nothing.",
    (claim) => {
      expect(readList(claim, NAMES)).toBeNull();
    },
  );

  it("IDN-2 A list is the same as an array, as JSON in a text and, without brackets and commas in its names, as Cognito writes it.", () => {
    const name = fc.stringMatching(/^[^\s,"[\]{}\\](?:[^,"[\]{}\\\n]{0,20}[^\s,"[\]{}\\])?$/u);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        expect(readList(names, NAMES)).toEqual(names);
        expect(readList(JSON.stringify(names), NAMES)).toEqual(names);
        const trimmed = names.map((each) => each.trim());
        expect(readList(`[${names.join(", ")}]`, NAMES)).toEqual(trimmed);
        expect(readList(names.join(","), NAMES)).toEqual(trimmed);
      }),
    );
  });

  it("IDN-2 Reading any claim throws nothing, and gives texts that are not empty.", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.json()), (claim) => {
        for (const kind of [NAMES, IDS]) for (const text of readList(claim, kind) ?? []) expect(text).not.toBe("");
      }),
    );
  });

  it.each([
    ["i1 i2,i3", ["i1", "i2", "i3"]],
    ["[i1, i2]", ["i1", "i2"]],
    [["i1"], ["i1"]],
    [[{ id: "i1", name: "Mexico" }], ["i1"]],
  ])("IDN-2 The instances %j are %j, because ids have no spaces.", (claim, ids) => {
    expect(readList(claim, IDS)).toEqual(ids);
  });
});

describe("The place of a claim", () => {
  const payload = {
    "https://vigia.example/groups": ["a"],
    "custom.groups": ["b"],
    custom: { groups: ["c"], "https://vigia.example/teams": ["d"], "x.y": { z: ["e"] } },
    "back\\slash": ["f"],
    "https://vigia.example/app": { groups: ["g"] },
  };

  it.each([
    ["https://vigia.example/groups", ["a"]],
    ["https://vigia\\.example/groups", ["a"]],
    ["https:\\/\\/vigia\\.example\\/groups", ["a"]],
    ["custom.groups", ["b"]],
    ["custom.https://vigia.example/teams", ["d"]],
    ["custom.https://vigia\\.example/teams", ["d"]],
    ["custom.x\\.y.z", ["e"]],
    ["custom.x.y.z", ["e"]],
    ["back\\slash", ["f"]],
    ["back\\\\slash", ["f"]],
    ["https://vigia.example/app.groups", ["g"]],
    ["custom.missing", undefined],
    ["custom.groups.0.x", undefined],
    ["constructor.name", undefined],
    ["__proto__", undefined],
    ["", undefined],
    [".", undefined],
  ])("IDN-3 The path %j leads to %j.", (path, value) => {
    expect(claimAt(payload, path)).toEqual(value);
  });

  it("IDN-3 A path leads into an object where no claim has its whole name.", () => {
    expect(claimAt({ custom: { groups: ["c"] } }, "custom.groups")).toEqual(["c"]);
  });
});
