// `npm test`: every check there is, in one go. Nothing stops at the first failure; a table at the end says what failed.
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
for (const project of ["node", "workerd", "relayed", "browser"]) {
  console.log(`\nTests in ${project}`);
  const step: CheckStep = { name: `tests in ${project}`, command: "vitest", args: ["run", "--project", project], live: true };
  results.push(await runStep(step));
}

console.log(`\n${results.map(lineOf).join("\n")}`);
const failed = results.filter((result) => !result.ok);
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.map(({ name }) => name).join(", ")}.`);
process.exitCode = exitCodeOf(results);

/** A step of our own: ok unless it throws, and then its message is what is shown. */
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
