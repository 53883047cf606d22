import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./options.ts";

/** A hub that has accepted the connection and has not answered by then is busy, not gone. */
const ANSWERS_WITHIN_MS = 3_000;
const LOCK_FILE = "running-at";

/** A note in the run's folder with the hub's address. Two runs in one folder would write into the same database. */
export interface LockFile {
  /** Records that this run's hub answers at `url`, for later starts to find. */
  writeUrl(url: string): void;
  deleteFile(): void;
}

/**
 * Creates the folder and prepares its lock file. A note of whose hub the port is closed is left over from a crash and does not count.
 * @throws UsageError when another run already uses the folder.
 */
export async function openLockFile(folder: string): Promise<LockFile> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, LOCK_FILE);
  const running = readRunningUrl(folder);
  if (running !== null && (await answers(running))) {
    throw new UsageError(`Vigía is already running at ${running}/ and uses ${folder}. Stop it, then start again.`);
  }
  return {
    writeUrl: (url) => writeFileSync(file, url),
    deleteFile: () => rmSync(file, { force: true }),
  };
}

/** Returns the address of the hub that this folder's run has recorded, or null. After a crash nobody may answer there. */
export function readRunningUrl(folder: string): string | null {
  try {
    return new URL(readFileSync(join(folder, LOCK_FILE), "utf8")).origin;
  } catch {
    return null;
  }
}

/** Whether a hub listens there. A busy machine may keep it from answering in time, so only a closed port counts as none. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })).ok;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError";
  }
}
