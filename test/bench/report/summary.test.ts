import { expect, test } from "vitest";
import { aFigure } from "./a-figure.ts";
import { BROWSER_BYTES, CPU, LAST_VIEWER } from "./headline.ts";
import { summary } from "./summary.ts";

test("The summary gives the measured figures of the load that the page names.", () => {
  const text = summary([
    aFigure({ name: CPU, ours: 1.2, ratio: 1.2, peerName: "bare Durable Object, conflating" }),
    aFigure({ name: CPU, ours: 1.2, ratio: 4, peerName: "Bun and its SQLite, conflating" }),
    aFigure({ name: LAST_VIEWER, ours: 160, peerName: "bare Durable Object, conflating" }),
    aFigure({ name: BROWSER_BYTES, ours: 20.48, peerName: "Bun" }),
  ]);
  expect(text).toContain("| CPU of the hub | 0.6 of a core |");
  expect(text).toContain("| from the post to the last viewer, p99 | 160 ms |");
  expect(text).toContain("10 KiB a second, 20.5 bytes an update");
  expect(text).toContain("the same job | 4.00 times |");
});

test("The summary leaves out what was not measured.", () => {
  expect(summary([aFigure({ name: LAST_VIEWER, ours: 160, peerName: "bare" })]).split("\n")).toHaveLength(3);
  expect(summary([])).toBe("Nothing has been measured yet.");
});
