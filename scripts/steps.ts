import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's folder, in which every step runs. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface CheckStep {
  name: string;
  command: string;
  args: readonly string[];
  /** Shows the tool's output while it runs. Without this, the output appears only after a failure. */
  live?: boolean;
}

export interface StepResult {
  name: string;
  ok: boolean;
  seconds: number;
}

/** Runs one tool to its end. Prints one line about it, and the tool's output when it failed. */
export async function runStep(step: CheckStep): Promise<StepResult> {
  const started = performance.now();
  const { code, output } = await runTool(step);
  const result = { name: step.name, ok: code === 0, seconds: (performance.now() - started) / 1000 };
  process.stdout.write(`${lineOf(result)}\n${result.ok || output === "" ? "" : `${indent(output)}\n`}`);
  return result;
}

/** Runs the steps in order, at most `width` at a time. A failed step does not stop the others. */
export async function runSteps(steps: readonly CheckStep[], width: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const queue = steps.entries();
  const lane = async () => {
    for (const [index, step] of queue) results[index] = await runStep(step);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

/** Returns a line such as `ok      types core   0.4 s`. */
export function lineOf({ name, ok, seconds }: StepResult): string {
  return `${ok ? "ok    " : "FAILED"}  ${name.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s`;
}

/** Returns 0 when there are results and all are ok, else 1. */
export function exitCodeOf(results: readonly StepResult[]): number {
  return results.length > 0 && results.every((result) => result.ok) ? 0 : 1;
}

function runTool({ command, args, live }: CheckStep): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: live === true ? "inherit" : ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}
