import { type Frames, frames, framesToWholeMs, msToFrames, startOfSecond } from "../media/audio-units.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import type { TurnTracker } from "./turn-tracker.ts";

/** A shorter silence is sent like speech. */
const SHORTEST_GAP = msToFrames(3000);
/** Transcribe gets a second of the gap before the next sound. */
const BEFORE_SOUND = msToFrames(1000);

/**
 * Skips a gap of the stream that begins at `from`: minutes without streaming need no transcription, and would delay what is said
 * next. Returns where to go on, or null when there is no gap.
 */
export function skipGap(buffer: ReplayBuffer, turns: TurnTracker, from: Frames): Frames | null {
  const sound = buffer.firstSound(from);
  if (sound - from < SHORTEST_GAP) return null;
  const to = startOfSecond(frames(sound - BEFORE_SOUND));
  turns.skipBefore(framesToWholeMs(to));
  buffer.skipTo(to);
  return to;
}
