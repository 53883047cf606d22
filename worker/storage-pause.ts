import { log } from "./log.ts";

/** A post that fills the disk breaks its object, and cuts off its viewers. So the Worker sends it none for so long at first. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/** Instance -> until when no post goes to its object, epoch ms, and how long the pause is. */
const pauses = new Map<string, { until: number; ms: number }>();

/** How many seconds the instance's posts must wait; null = none. */
export function storagePauseSeconds(instanceId: string, now: number): number | null {
  const pause = pauses.get(instanceId);
  // A clock that was set back ends the pause.
  if (pause === undefined || pause.until <= now || pause.until - now > pause.ms) return null;
  return Math.ceil((pause.until - now) / 1000);
}

/**
 * Call when a post has failed. Only when the commit itself failed does the runtime name SQLite here; what fails before that, the
 * object handles.
 */
export function noteFailedPost(instanceId: string, error: unknown, now: number): void {
  const cause = error instanceof Error ? /SQLITE_[A-Z_]+/.exec(error.message)?.[0] : undefined;
  if (cause === undefined) return;
  const ms = Math.min(LONGEST_PAUSE_MS, (pauses.get(instanceId)?.ms ?? FIRST_PAUSE_MS / 2) * 2);
  pauses.set(instanceId, { until: now + ms, ms });
  log("storage_failed", { instance: instanceId, cause, pausedSeconds: ms / 1000 });
}

export function noteStoredPost(instanceId: string): void {
  pauses.delete(instanceId);
}
