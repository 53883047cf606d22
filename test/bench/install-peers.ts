import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Installs the peers from a package.json of their own, so that only a benchmark needs them. @throws Error when npm fails. */
export async function installPeers(): Promise<void> {
  const finished = `${HERE}node_modules/.package-lock.json`;
  if (existsSync(finished) && statSync(finished).mtimeMs >= statSync(`${HERE}package-lock.json`).mtimeMs) return;
  console.error("Installing the peers (once)…");
  const npm = spawn("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: HERE,
    stdio: ["ignore", 2, 2],
  });
  const code = await new Promise((resolve) => npm.on("close", resolve));
  if (code !== 0)
    throw new Error("npm could not install the peers of the benchmark. Its message is above; repair that and run this again.");
}
