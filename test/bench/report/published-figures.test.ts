import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Figure } from "../measure/figure.ts";
import { documentsOf } from "./documents.ts";
import { BYTES, CPU, headline } from "./headline.ts";
import { headlinePlot } from "./headline-plot.ts";
import { type BenchRun, merge } from "./merge.ts";
import { performanceFigures } from "./performance-page.ts";
import { type Machine, type Results, readResults } from "./results.ts";

// A published figure must be the measured one, of one machine, and a missed goal must be visible. The layout has no tests.
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MACHINE: Machine = { cpu: "A processor", cores: 2, memoryGiB: 24, system: "linux x64", node: "v24.0.0" };
const own = readResults(join(ROOT, "bench-results.json"));

/** A figure of the hub without a peer or a goal; override what the test is about. */
function aFigure(fields: Partial<Figure> = {}): Figure {
  return {
    name: "Something counted",
    ours: 10,
    peer: null,
    peerName: null,
    unit: "ms",
    ratio: null,
    goal: null,
    holds: null,
    runs: 1,
    spread: { ours: [10, 10], peer: null },
    note: "",
    suite: "hub",
    scenario: "load",
    measuredAt: "2026-01-01T10:00",
    othersCores: 0,
    tookSeconds: 5,
    ...fields,
  };
}

function results(figures: readonly Figure[], failures: Results["failures"] = []): Results {
  return { machine: MACHINE, figures: [...figures], failures };
}

test("The performance page, the plots and the READMEs repeat bench-results.json.", () => {
  if (own === null) throw new Error("bench-results.json is missing.");
  const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
  for (const [path, text] of documentsOf(own, read)) {
    expect(read(path), `${path} differs from what \`npm run bench\` makes of bench-results.json`).toBe(text);
  }
});

test.each(["en", "es"] as const)("The line and the plot of the README (%s) find all their figures.", (language) => {
  const figures = own?.figures ?? [];
  expect(headline(figures, language)).toMatch(/PartyServer.*p99.*bytes/);
  expect(headlinePlot(figures, language).match(/>Vigía</g)).toHaveLength(3);
});

test("The line of the README gives the measured ratios and leaves out what was not measured.", () => {
  const line = headline(
    [
      aFigure({ name: CPU, ours: 2, peer: 20, peerName: "PartyServer", ratio: 0.1 }),
      aFigure({ name: CPU, ours: 2, peer: 8, peerName: "ws on Node", ratio: 0.25 }),
      aFigure({ name: BYTES, ours: 200, peer: 200_000, peerName: "Cloudflare Agents SDK", ratio: 0.001 }),
      aFigure({ goal: "<= 1 ms", holds: false }),
    ],
    "en",
  );
  expect(line).toContain("1/10 of the CPU of PartyServer, and 0.25 of that of `ws`");
  expect(line).toContain("200 bytes for each viewer, 1/1,000 of");
  expect(line).toContain("0 of the 1 goals hold");
  expect(line).not.toContain("p99");
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
