import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { documentsOf } from "./documents.ts";
import { aFigure, results } from "./fixtures.ts";
import { BYTES, CPU, headline, LAST_VIEWER } from "./headline.ts";
import { headlinePlot } from "./headline-plot.ts";
import { betweenMarks } from "./marks.ts";
import { performanceFigures } from "./performance-page.ts";
import { readResults } from "./results.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

describe("the project's own figures", () => {
  const own = readResults(join(ROOT, "bench-results.json"));

  test("page, plots and READMEs say what bench-results.json says", () => {
    if (own === null) throw new Error("bench-results.json is missing.");
    const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
    for (const [path, text] of documentsOf(own, read)) {
      expect(read(path), `${path} is not what \`npm run bench\` makes of bench-results.json`).toBe(text);
    }
  });

  test.each(["en", "es"] as const)("the README's line and plot (%s) find their figures", (language) => {
    const figures = own?.figures ?? [];
    expect(headline(figures, language)).toMatch(/PartyServer.*p99.*bytes/);
    expect(headlinePlot(figures, language).match(/>Vigía</g)).toHaveLength(3);
  });
});

describe("the tables of the performance page", () => {
  const party = { peer: 40, peerName: "PartyServer", ratio: 0.25, spread: { ours: [9, 12], peer: [38, 50] } } as const;

  test("what was missed comes first, and the heading counts", () => {
    const page = performanceFigures(
      results([
        aFigure({ name: "Fast enough", goal: "<= 20 ms", holds: true }),
        aFigure({ name: "Too slow", goal: "<= 5 ms", holds: false }),
        aFigure({ name: "Only told" }),
      ]),
    );
    const goals = page.slice(page.indexOf("### Goals"), page.indexOf("### The hub"));
    expect(goals).toContain("### Goals: 1 of 2 hold");
    expect(goals.indexOf("| Too slow (ms) | 10 |  |  | ≤ 5 ms | **missed** |")).toBeGreaterThan(0);
    expect(goals.indexOf("Fast enough")).toBeGreaterThan(goals.indexOf("Too slow"));
    expect(goals).not.toContain("Only told");
  });

  test("a figure with several peers stands once, with its spread, time and load", () => {
    const page = performanceFigures(
      results([
        aFigure({ ...party, spread: { ours: [9, 12], peer: [38, 50] }, othersCores: 0.42 }),
        aFigure({ ...party, spread: { ours: [9, 12], peer: [20, 20] }, peer: 20, peerName: "ws", ratio: 0.5 }),
      ]),
    );
    expect(page).toContain(
      "| Something counted (ms) | 10 [9–12] | 40 [38–50] PartyServer | 0.25 | 2026-01-01 10:00, beside other work on 0.42 cores |",
    );
    expect(page).toContain("|  |  | 20 ws | 0.50 |  |");
  });

  test("a note is told once below its table, at the figure or at the peer it speaks of", () => {
    const page = performanceFigures(
      results([
        aFigure({ name: "A", note: "of both" }),
        aFigure({ name: "B", note: "of both" }),
        aFigure({ name: "C", ...party, spread: { ours: [9, 12], peer: null }, note: "of one peer" }),
        aFigure({ name: "C", peer: 20, peerName: "ws", ratio: 0.5, note: "of the other" }),
      ]),
    );
    expect(page).toContain("| A (ms) <sup>1</sup> | 10 |");
    expect(page).toContain("| B (ms) <sup>1</sup> | 10 |");
    expect(page).toContain("40 PartyServer <sup>2</sup>");
    expect(page).toContain("20 ws <sup>3</sup>");
    expect(page).toContain("1. Of both\n2. Of one peer\n3. Of the other");
  });

  test("what could not be measured is said beside the older figures", () => {
    const failure = { suite: "board", scenario: "live", triedAt: "2026-02-02T02:02", why: "No browser." };
    const page = performanceFigures(results([aFigure()], [failure]));
    expect(page).toContain("### The board in the browser");
    expect(page).toContain("**Not measured** when last tried (2026-02-02 02:02): live: No browser.");
  });
});

describe("the README's line and plot", () => {
  const load = { peer: 20, spread: { ours: [2, 2], peer: [20, 20] } } as const;
  const figures = [
    aFigure({ name: CPU, ours: 2, ...load, spread: { ours: [2, 2], peer: [20, 20] }, peerName: "PartyServer", ratio: 0.1 }),
    aFigure({ name: CPU, ours: 2, peer: 8, peerName: "ws on Node", ratio: 0.25 }),
    aFigure({ name: CPU, ours: 2, peer: 2000, peerName: "Cloudflare Agents SDK", ratio: 0.001 }),
    aFigure({ name: BYTES, ours: 200, peer: 200_000, peerName: "Cloudflare Agents SDK", ratio: 0.001 }),
    aFigure({ name: BYTES, ours: 200, peer: 100, peerName: "a frame (computed)", ratio: 2 }),
  ];

  test("the line has the ratios and leaves out what was not measured", () => {
    const line = headline([...figures, aFigure({ goal: "<= 1 ms", holds: false })], "en");
    expect(line).toContain("1/10 of the CPU of PartyServer and 0.25 of that of `ws`");
    expect(line).toContain("200 bytes for each viewer, 1/1,000 of");
    expect(line).toContain("0 of the 1 goals hold");
    expect(line).not.toContain("p99");
    const late = { name: LAST_VIEWER, ours: 100, peer: 1000, ratio: 0.1 };
    const both = ["PartyServer", "ws on Node"].map((peerName) => aFigure({ ...late, peerName }));
    expect(headline([...figures, ...both], "es")).toContain("100 ms después del envío (p99), 1/10 y 1/10");
  });

  test("bars are as long as their numbers, from zero, and one that dwarfs the others is cut", () => {
    const plot = headlinePlot(figures, "en");
    const widths = [...plot.matchAll(/<rect class="(?:bar|ours)" x="196\.0" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    const [ours = 0, ws = 0, party = 0, sdk = 0] = widths;
    expect(ws / ours).toBeCloseTo(4, 1);
    expect(party / ours).toBeCloseTo(10, 1);
    expect(sdk).toBeGreaterThan(party);
    expect(plot.match(/>2,000</g)).toHaveLength(1);
    expect(plot).not.toContain("computed");
  });
});

describe("the place of the figures in a page", () => {
  test("only what stands between the marks is made anew", () => {
    const page = betweenMarks("a.md", `# A\n\n${betweenMarks("a.md", marks(), "old")}\nthe end\n`, "new");
    expect(page).toMatch(/^# A\n\n<!-- .* -->\n\nnew\n\n<!-- .* -->\nthe end\n$/);
  });

  test("a page without marks is named", () => {
    expect(() => betweenMarks("a.md", "# A\n", "new")).toThrow("a.md has no place for the figures");
  });

  function marks(): string {
    const [begin, end] = readFileSync(join(ROOT, "README.md"), "utf8").match(/<!-- figures: .*? -->/g) ?? [];
    return `${begin}\n${end}`;
  }
});
