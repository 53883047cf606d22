import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Returns the path of a Chromium: `CHROMIUM_PATH` when set, else the first one on the PATH. null = there is none. */
function findChromium(): string | null {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "") return isExecutable(chosen) ? chosen : null;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"];
  for (const folder of folders) {
    for (const name of NAMES) if (isExecutable(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** Finds a Chromium. Installs Debian's when this user is root and apt-get exists. @throws Error that says what to do */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "")
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is not a program. Set it to the path of a Chromium.`);
  if (process.getuid?.() === 0 && runQuietly("apt-get", ["--version"])) {
    console.log("Installing Chromium (once)…");
    const installed =
      runQuietly("apt-get", ["update"]) && runQuietly("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
    const now = installed ? findChromium() : null;
    if (now !== null) return now;
  }
  throw new Error("The browser tests found no Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function runQuietly(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stderr } = spawnSync(command, args, { env, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  if (status !== 0 && stderr) process.stderr.write(stderr);
  return status === 0;
}
