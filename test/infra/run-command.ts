import { spawn } from "node:child_process";

export interface CommandResult {
  code: number | null;
  /** What the command printed to both outputs. */
  text: string;
}

/** Runs a file of this project, or a tool of node_modules/.bin, with no environment but the given one and PATH. */
export function runCommand(file: string, args: string[], environment: Record<string, string>): Promise<CommandResult> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env["PATH"], WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (text += data));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}
