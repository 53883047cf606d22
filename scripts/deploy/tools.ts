import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The files of a deployment on this machine: secrets and stack outputs. Never commit them. */
export const DEPLOY_FOLDER = join(ROOT, ".deploy");

/**
 * Runs one of the project's own tools in this terminal. Resolves to its exit code.
 * @param variables added to the environment of this process
 */
export function runTool(
  name: "cdk" | "vite" | "wrangler",
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  // wrangler adds the name of its own environment to the name of the Worker, also of one in a configuration without environments.
  const env = { ...process.env, ...(name === "wrangler" ? { CLOUDFLARE_ENV: "" } : {}), ...variables };
  const child = spawn(join(ROOT, "node_modules/.bin", name), args, { cwd: ROOT, stdio: "inherit", env });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // A signal that ended the tool counts as a failure.
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Ends a command with wrong arguments: prints the message and the usage, exit code 2. */
export function refuseUsage(message: string, usage: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}
