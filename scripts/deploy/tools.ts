import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The files of a deployment on this machine. Never commit them. */
export const DEPLOY_FOLDER = join(ROOT, ".deploy");

type ToolName = "cdk" | "vite" | "wrangler";

/**
 * Runs one of the project's own tools in this terminal. Resolves to its exit code.
 * @param variables added to the environment of this process
 */
export function runTool(
  name: ToolName,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(pathOf(name), args, { cwd: ROOT, stdio: "inherit", env: environmentOf(name, variables) });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // A signal that ended the tool counts as a failure.
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

export interface ToolAnswer {
  code: number;
  output: string;
  errors: string;
}

/**
 * Runs one of the project's own tools and keeps what it prints.
 * @param input what the tool reads from its standard input. Secrets go this way, because other users see arguments and files
 */
export function askTool(name: ToolName, args: readonly string[], input = ""): Promise<ToolAnswer> {
  const child = spawn(pathOf(name), args, { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"], env: environmentOf(name, {}) });
  const answer: ToolAnswer = { code: 1, output: "", errors: "" };
  child.stdout.on("data", (data) => (answer.output += data));
  child.stderr.on("data", (data) => (answer.errors += data));
  // A tool that ends early closes its input. Its exit code says why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...answer, code: code ?? 1 }));
  });
}

const pathOf = (name: ToolName) => join(ROOT, "node_modules/.bin", name);

function environmentOf(name: ToolName, variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment = { ...process.env, ...variables };
  if (name !== "wrangler") return environment;
  // wrangler adds the name of its own environment to the name of the Worker, also of one in a configuration without environments.
  environment["CLOUDFLARE_ENV"] = "";
  // Cloudflare's build service sets this name, and wrangler then deploys a Worker of that name with the domain of the stage.
  delete environment["WRANGLER_CI_OVERRIDE_NAME"];
  return environment;
}

/** Ends a command with wrong arguments: prints the message and the usage, exit code 2. */
export function refuseUsage(message: string, usage: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}
