import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Figure } from "../measure/figure.ts";
import { aFigure, MACHINE, results } from "./fixtures.ts";
import { merge, type Run } from "./merge.ts";
import type { Results } from "./results.ts";

const HUB = ["load", "quiet", "bytes"];
const WHOLE: Run["plan"] = new Map([
  ["hub", HUB],
  ["ingest", ["media"]],
  ["board", ["size", "live"]],
]);
const old = (scenario: string, fields: Partial<Figure> = {}) => aFigure({ scenario, name: scenario, ours: 1, ...fields });
const fresh = (scenario: string, fields: Partial<Figure> = {}) =>
  old(scenario, { ours: 2, measuredAt: "2026-02-02T02:02", ...fields });
const media = { suite: "ingest" };
const before = results([old("load"), old("quiet"), old("bytes"), old("media", media), old("live", { suite: "board" })]);

function run(fields: Partial<Run>): Run {
  return { machine: MACHINE, plan: WHOLE, figures: [], failures: [], wholeSuites: true, ...fields };
}

function shown(merged: Results | null): string[] | undefined {
  return merged?.figures.map(({ name, ours }) => `${name} ${ours}`);
}

describe("putting a run's figures beside the older ones", () => {
  test("a part replaces what it measured, in its place, and keeps all others as they were measured", () => {
    const part = run({ plan: new Map([["hub", HUB]]), figures: [fresh("quiet")], wholeSuites: false });
    const merged = merge(before, part);
    expect(shown(merged)).toEqual(["load 1", "quiet 2", "bytes 1", "media 1", "live 1"]);
    expect(merged?.figures.filter((figure) => figure.ours === 1)).toEqual(before.figures.filter(({ name }) => name !== "quiet"));
    expect(merged?.figures[1]?.measuredAt).toBe("2026-02-02T02:02");
  });

  test("a figure that its scenario no longer gives goes with the scenario's older ones", () => {
    const twice = results([old("load", { name: "load, with 10" }), old("load", { name: "load, with 20" })]);
    const part = run({ plan: new Map([["hub", HUB]]), figures: [fresh("load", { name: "load, with 30" })], wholeSuites: false });
    expect(shown(merge(twice, part))).toEqual(["load, with 30 2"]);
  });

  test("the order is that of the suites and of their scenarios, whatever was measured first", () => {
    const begun = results([old("live", { suite: "board" }), old("media", media)]);
    const part = run({ plan: new Map([["hub", HUB]]), figures: [fresh("bytes"), fresh("load")] });
    expect(shown(merge(begun, part))).toEqual(["load 2", "bytes 2", "media 1", "live 1"]);
  });

  test("a scenario that is gone takes its figures along when its whole suite runs, not when a part of it does", () => {
    const lingering = results([old("load"), old("gone"), old("media", media)]);
    const plan = new Map([["hub", HUB]]);
    expect(shown(merge(lingering, run({ plan, figures: [fresh("load")] })))).toEqual(["load 2", "media 1"]);
    const part = run({ plan, figures: [fresh("load")], wholeSuites: false });
    expect(shown(merge(lingering, part))).toEqual(["load 2", "gone 1", "media 1"]);
  });

  test("what could not be measured keeps its older figures, and says so until it could", () => {
    const failure = { suite: "hub", scenario: "quiet", triedAt: "2026-02-02T02:02", why: "A wrong board." };
    const failed = merge(before, run({ figures: [fresh("load")], failures: [failure] }));
    expect(shown(failed)).toEqual(["load 2", "quiet 1", "bytes 1", "media 1", "live 1"]);
    expect(failed?.failures).toEqual([failure]);
    expect(merge(failed, run({ figures: [fresh("media", media)], wholeSuites: false }))?.failures).toEqual([failure]);
    expect(merge(failed, run({ figures: [fresh("quiet")] }))?.failures).toEqual([]);
  });

  test("numbers of two machines are never mixed: a part is refused, a whole run begins anew", () => {
    const machine = { ...MACHINE, node: "v99.0.0" };
    const part = run({ machine, plan: new Map([["hub", HUB]]), figures: [fresh("load")] });
    expect(merge(before, part)).toBeNull();
    expect(merge(before, { ...part, plan: WHOLE, wholeSuites: false })).toBeNull();
    const whole = merge(before, { ...part, plan: WHOLE });
    expect(whole?.machine).toEqual(machine);
    expect(shown(whole)).toEqual(["load 2"]);
  });

  test("without older figures any run is a beginning", () => {
    const part = run({ plan: new Map([["hub", HUB]]), figures: [fresh("quiet"), fresh("load")], wholeSuites: false });
    expect(shown(merge(null, part))).toEqual(["load 2", "quiet 2"]);
  });

  test("parts in any order end with what one whole run would have given", () => {
    const scenarios = [...WHOLE].flatMap(([suite, names]) => names.map((scenario) => ({ suite, scenario })));
    const everything = merge(null, run({ figures: scenarios.map(({ suite, scenario }) => fresh(scenario, { suite })) }));
    fc.assert(
      fc.property(fc.shuffledSubarray(scenarios, { minLength: scenarios.length }), (order) => {
        let so: Results | null = before;
        for (const { suite, scenario } of order) {
          const plan = new Map([[suite, WHOLE.get(suite) ?? []]]);
          so = merge(so, run({ plan, figures: [fresh(scenario, { suite })], wholeSuites: false }));
        }
        expect(so?.figures).toEqual(everything?.figures);
      }),
    );
  });
});
