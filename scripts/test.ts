// `npm test`: runs every check and every test. A failure does not stop the others. A table at the end lists the failures.
import { buildDashboard } from "../local/start/dashboard.ts";
import { checks } from "./checks.ts";
import { ensureChromium } from "./chromium.ts";
import { type CheckStep, exitCodeOf, lineOf, runStep, runSteps, type StepResult } from "./steps.ts";

const results = await runSteps(checks(), 2);
results.push(
  await attempt("chromium", () => {
    process.env["CHROMIUM_PATH"] = ensureChromium();
  }),
  await attempt("build dashboard", buildDashboard),
);
// These tests wait more than they compute: one project after the other used little more than one of two cores.
console.log("\nTests in node, beside those in workerd and relayed, whose output appears only after a failure");
const inRuntime = runSteps([testsIn("workerd"), testsIn("relayed")], 1);
results.push(await runStep({ ...testsIn("node"), live: true }), ...(await inRuntime));
// The browser's tests look at times and at the screen, so they have the machine for themselves.
console.log("\nTests in browser");
results.push(await runStep({ ...testsIn("browser"), live: true }));

console.log(`\n${results.map(lineOf).join("\n")}`);
const failed = results.filter((result) => !result.ok);
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.map(({ name }) => name).join(", ")}.`);
process.exitCode = exitCodeOf(results);

function testsIn(project: string): CheckStep {
  return { name: `tests in ${project}`, command: "vitest", args: ["run", "--project", project] };
}

/** Runs a step in this process. It fails when `work` throws, and then prints the error's message. */
async function attempt(name: string, work: () => void | Promise<void>): Promise<StepResult> {
  const started = performance.now();
  let problem: string | null = null;
  try {
    await work();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const result = { name, ok: problem === null, seconds: (performance.now() - started) / 1000 };
  console.log(lineOf(result));
  if (problem !== null) console.error(`    ${problem}`);
  return result;
}
