import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What a deployment leaves on this machine: secrets, stack outputs. Never committed. */
export const DEPLOY_FOLDER = join(ROOT, ".deploy");

/** Runs one of the project's own tools with this terminal; resolves to its exit code. */
export function runTool(name: "cdk" | "vite" | "wrangler", args: readonly string[]): Promise<number> {
  const child = spawn(join(ROOT, "node_modules/.bin", name), args, { cwd: ROOT, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // 1 for a tool that a signal ended: it did not do what it was asked.
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Ends a command whose arguments are wrong: one clear line, exit code 2. */
export function refuseUsage(message: string, usage: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}
