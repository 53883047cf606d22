import { execFile } from "node:child_process";
import { globSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILT = join(ROOT, "dist/dashboard/index.html");
/** The sources of the page. */
const SOURCES = ["dashboard/**/*", "protocol/*.ts", "vite.config.ts", "package-lock.json"];

/**
 * Builds the dashboard into dist/dashboard, unless the last build is newer than all its sources.
 * @param giveUp ends the build
 * @throws Error with the bundler's output when the build fails
 */
export async function buildDashboard(giveUp?: AbortSignal): Promise<void> {
  if (!isStale()) return;
  try {
    const vite = join(ROOT, "node_modules/.bin/vite");
    await promisify(execFile)(vite, ["build", "--logLevel", "warn"], { cwd: ROOT, signal: giveUp });
  } catch (error) {
    // An interrupted build must not look complete to the next start.
    rmSync(BUILT, { force: true });
    throw new Error(`The build of the dashboard failed (vite build). Correct this error, then start again:\n${outputOf(error)}`);
  }
}

function isStale(): boolean {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  return globSync(SOURCES, { cwd: ROOT }).some((file) => statSync(join(ROOT, file)).mtimeMs > built);
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return stderr === "" ? error.message : stderr;
}
