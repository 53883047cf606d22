import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UsageError } from "./options.ts";

/** A hub that has accepted the connection and has not answered by then is busy, not gone. */
const ANSWERS_WITHIN_MS = 3_000;
const LOCK_FILE = "running-at";
/** Has no content. SQLite locks it as it locks the hub's own database, and the system ends the lock with the process. */
const LOCK_DATABASE = "lock.sqlite";
/** SQLITE_BUSY: another process has the lock (https://sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;

/** A note in the run's folder with the hub's address. Two runs in one folder would write into the same database. */
export interface LockFile {
  /** Records that this run's hub answers at `url`, for later starts to find. */
  writeUrl(url: string): void;
  deleteFile(): void;
}

/**
 * Creates the folder and locks it until this process ends. A note of whose hub the port is closed is left over from a crash and
 * does not count.
 * @throws UsageError when another run already uses the folder, or when nobody can write into it.
 */
export async function openLockFile(folder: string): Promise<LockFile> {
  const lock = lockFolder(folder);
  const file = join(folder, LOCK_FILE);
  const running = readRunningUrl(folder);
  if (running !== null && (await answers(running))) {
    throw new UsageError(`Vigía is already running at ${running}/ and uses ${folder}. Stop it, then start again.`);
  }
  if (lock === null) throw new UsageError(`Vigía is already starting and uses ${folder}. Stop it, then start again.`);
  return {
    writeUrl: (url) => writeFileSync(file, url),
    deleteFile() {
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

/** Returns null when another process has the lock. @throws UsageError when the folder cannot be written */
function lockFolder(folder: string): DatabaseSync | null {
  try {
    mkdirSync(folder, { recursive: true });
    const lock = new DatabaseSync(join(folder, LOCK_DATABASE));
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`npm start cannot write into ${folder}: ${reason}. Correct or delete it, then start again.`);
  }
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
