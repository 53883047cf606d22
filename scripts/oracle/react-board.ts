import { rmSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "../chromium.ts";
import { ROOT, runStep } from "../steps.ts";

/**
 * Runs the tests of the board in Chromium on a page that React renders, as it renders the components in other people's pages. The
 * hub's own page has Preact. `node scripts/oracle/react-board.ts`. Exit code 0: all passed. 1: a difference.
 */

process.env["CHROMIUM_PATH"] = ensureChromium();
process.env["BOARD_RENDERER"] = "react";
// The stories look at the size of the page with Preact.
const args = ["run", "--project", "browser", "--exclude", "test/browser/stories.test.ts"];
const { ok, seconds } = await runStep({ name: "board with React", command: "vitest", args });
// Whoever needs the page next builds it anew, with Preact.
rmSync(join(ROOT, "dist", "dashboard"), { recursive: true, force: true });
console.log(`the tests of the board ${ok ? "passed" : "failed"} with React (${Math.round(seconds)} s)`);
process.exitCode = ok ? 0 : 1;
