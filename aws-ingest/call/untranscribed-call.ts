import { framesToWholeMs, msToFrames } from "../media/audio-units.ts";
import type { CallArchive } from "./call-archive.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import type { TurnTracker } from "./turn-tracker.ts";

/** A recording without transcription goes on in steps of a second. */
const STEP = msToFrames(1000);

/**
 * Goes on recording a call whose transcription was refused, because a recording does not depend on the speech service.
 * Returns `ended` when the call's audio is over or nothing is recorded, and `stopped` when `stop` aborted.
 */
export async function recordUntranscribed(
  call: { archive: CallArchive | null; turns: TurnTracker; buffer: ReplayBuffer },
  stop: AbortSignal,
): Promise<"ended" | "stopped"> {
  const { archive, turns, buffer } = call;
  if (archive === null) return "ended";
  archive.noteSpeechGivenUp();
  for (;;) {
    const givenUpMs = framesToWholeMs(buffer.endFrame);
    turns.skipBefore(givenUpMs);
    archive.settleUntil(givenUpMs);
    buffer.skipToEnd();
    const more = await buffer.waitForFrames(buffer.endFrame, STEP, Number.POSITIVE_INFINITY, stop);
    if (more === "aborted") return "stopped";
    if (more === "closed") return "ended";
  }
}
