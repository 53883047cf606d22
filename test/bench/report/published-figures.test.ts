import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Figure } from "../measure/figure.ts";
import { aFigure } from "./a-figure.ts";
import { documentsOf } from "./documents.ts";
import { BROWSER_BYTES, CPU, headline, LAST_VIEWER, NOT_CONFLATING } from "./headline.ts";
import { headlinePlot } from "./headline-plot.ts";
import { type BenchRun, merge } from "./merge.ts";
import { performanceFigures } from "./performance-page.ts";
import { type Machine, type Results, readResults } from "./results.ts";

// A published figure must be the measured one, of one machine, and a missed goal must be visible. The layout has no tests.
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MACHINE: Machine = { cpu: "A processor", cores: 2, memoryGiB: 24, system: "linux x64", node: "v24.0.0" };
const own = readResults(join(ROOT, "bench-results.json"));

function results(figures: readonly Figure[], failures: Results["failures"] = []): Results {
  return { machine: MACHINE, figures: [...figures], failures };
}

test("The tables, the plots and the READMEs repeat bench-results.json.", () => {
  if (own === null) throw new Error("bench-results.json is missing.");
  const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
  for (const [path, text] of documentsOf(own, read)) {
    expect(read(path), `${path} differs from what \`npm run bench\` makes of bench-results.json`).toBe(text);
  }
});

const measured = [
  aFigure({ name: CPU, ours: 1.2, peer: 1, peerName: "bare Durable Object, conflating", ratio: 1.2 }),
  aFigure({ name: CPU, ours: 1.2, peer: 0.5, peerName: "ws and SQLite on Node, conflating", ratio: 2.4 }),
  aFigure({ name: CPU, ours: 1.2, peer: 0.3, peerName: "Bun and its SQLite, conflating", ratio: 4 }),
  aFigure({ name: LAST_VIEWER, ours: 160, peer: 150, peerName: "bare Durable Object, conflating", ratio: 1.07 }),
  aFigure({ name: NOT_CONFLATING, ours: 1.2, peer: 16, peerName: "bare Durable Object loop", ratio: 0.075 }),
  aFigure({
    name: BROWSER_BYTES,
    ours: 15,
    peer: 30,
    peerName: "Bun and its SQLite, conflating, one shared compressor",
    ratio: 0.5,
  }),
  aFigure({ goal: "<= 1 ms", holds: false }),
];

test("The line of the README compares with servers that conflate, and says what conflation itself gives.", () => {
  const line = headline(measured, "en");
  expect(line).toContain("1.20 times the CPU of a bare Durable Object");
  expect(line).toContain("2.40 times that of `ws` with SQLite on Node, and 4.00 times that of Bun");
  expect(line).toContain("1/16 of the CPU of one that sends every update");
  expect(line).toContain("160 ms after its POST");
  expect(line).toContain("15 bytes, 0.50 times");
  expect(line).toContain("0 of the 1 goals hold");
});

test("The line of the README leaves out what was not measured.", () => {
  const line = headline(measured.slice(0, 2), "en");
  expect(line).not.toMatch(/Bun|p99|For a browser/);
});

test.each(["en", "es"] as const)("The plot of the README (%s) has a panel for each figure of its line.", (language) => {
  expect(headlinePlot(measured, language).match(/>Vigía</g)).toHaveLength(3);
});

test("The performance page counts the goals that hold and lists a missed goal first.", () => {
  const page = performanceFigures(
    results([
      aFigure({ name: "Fast enough", goal: "<= 20 ms", holds: true }),
      aFigure({ name: "Too slow", goal: "<= 5 ms", holds: false }),
    ]),
  );
  expect(page).toContain("### Goals: 1 of 2 hold");
  expect(page).toContain("| Too slow (ms) | 10 |  |  | ≤ 5 ms | **missed** |");
  expect(page.indexOf("Too slow")).toBeLessThan(page.indexOf("Fast enough"));
});

test("The performance page names a scenario that could not be measured, beside its older figures.", () => {
  const failure = { suite: "board", scenario: "live", triedAt: "2026-02-02T02:02", why: "No browser." };
  const page = performanceFigures(results([aFigure()], [failure]));
  expect(page).toContain("**Not measured** when last tried (2026-02-02 02:02): live: No browser.");
  expect(page).toContain("| Something counted (ms) | 10 |");
});

const PLAN = new Map([["hub", ["load", "quiet", "bytes"]]]);
const before = results([aFigure(), aFigure({ scenario: "quiet" }), aFigure({ scenario: "bytes" })]);
const fresh = aFigure({ scenario: "quiet", ours: 20, measuredAt: "2026-02-02T02:02" });

function run(fields: Partial<BenchRun>): BenchRun {
  return { machine: MACHINE, plan: PLAN, figures: [], failures: [], wholeSuites: false, ...fields };
}

test("A run of a part replaces its own figures and keeps the others as they were measured.", () => {
  expect(merge(before, run({ figures: [fresh] }))?.figures).toEqual([before.figures[0], fresh, before.figures[2]]);
});

test("A run of a part on another machine is refused, because figures of two machines do not compare.", () => {
  const machine = { ...MACHINE, node: "v99.0.0" };
  expect(merge(before, run({ machine, figures: [fresh] }))).toBeNull();
});

test("A whole run on another machine starts anew.", () => {
  const machine = { ...MACHINE, node: "v99.0.0" };
  const plan = new Map([...PLAN, ["ingest", ["media"]], ["board", ["size"]]]);
  expect(merge(before, run({ machine, plan, figures: [fresh], wholeSuites: true }))).toEqual({ ...results([fresh]), machine });
});

test("A scenario that failed keeps its older figures, and its failure stays until a run succeeds.", () => {
  const failure = { suite: "hub", scenario: "quiet", triedAt: "2026-02-02T02:02", why: "A wrong board." };
  const failed = merge(before, run({ failures: [failure] }));
  expect(failed).toEqual({ ...before, failures: [failure] });
  expect(merge(failed, run({ figures: [aFigure()] }))?.failures).toEqual([failure]);
  expect(merge(failed, run({ figures: [fresh] }))?.failures).toEqual([]);
});
