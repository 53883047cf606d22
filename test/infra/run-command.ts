import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface CommandResult {
  code: number | null;
  /** What the command printed to both outputs. */
  text: string;
}

/** Node keeps compiled code here, because wrangler and the CDK are megabytes of source, and a test starts them again and again. */
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/vigia-commands", import.meta.url));

/**
 * Runs a file of this project, or a tool of node_modules/.bin, with no environment but the given one and PATH.
 * @param input what the command reads from its standard input
 */
export function runCommand(
  file: string,
  args: string[],
  environment: Record<string, string>,
  input = "",
): Promise<CommandResult> {
  const child = spawn(process.execPath, [file, ...args], {
    env: {
      PATH: process.env["PATH"],
      WRANGLER_SEND_METRICS: "false",
      NO_COLOR: "1",
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that does not read its input closes it when it ends.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (text += data));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}
