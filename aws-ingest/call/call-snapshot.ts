import { type Frames, frames, msToFrames, startOfSecond } from "../media/audio-units.ts";
import type { ChannelInterleaver } from "../media/channel-interleaver.ts";
import type { CallArchive } from "./call-archive.ts";
import type { MediaSource } from "./media-source.ts";
import type { Poster } from "./poster.ts";
import type { CallState } from "./transcriber-job.ts";
import type { TurnTracker } from "./turn-tracker.ts";

/** The parts of a call that have a state. */
export interface CallParts {
  turns: TurnTracker;
  source: MediaSource;
  interleaver: ChannelInterleaver;
  archive: CallArchive | null;
  poster: Poster;
  incompleteReasons: ReadonlySet<string>;
  /** What the speech service refused. */
  refused: NonNullable<CallState["refused"]>;
}

/** Returns the state for another process that goes on if this one dies now. @param before the state with which this one began */
export async function snapshotOf(parts: CallParts, before: CallState): Promise<CallState> {
  await parts.archive?.unloadTurns();
  const { recording, transcript, masking } = parts.archive?.snapshot() ?? before;
  const progress = parts.turns.stateIfCut();
  const stored = { recording, transcript, ...(masking && { masking }) };
  return { ...stateAt(parts, progress, before), ...stored, unposted: parts.poster.unposted };
}

/** Uploads what is to be uploaded, and returns the state for the next invocation. */
export async function suspendCall(parts: CallParts, before: CallState): Promise<CallState> {
  const progress = parts.turns.state();
  const kept = await parts.archive?.suspend();
  return { ...stateAt(parts, progress, before), recording: null, transcript: null, ...kept };
}

function stateAt(parts: CallParts, progress: ReturnType<TurnTracker["state"]>, before: CallState) {
  const { source, archive, interleaver } = parts;
  const readAgainFrom = Math.min(resumeFrame(progress.transcribedUntil), archive?.keepFrom ?? Number.POSITIVE_INFINITY);
  const { afterFragment, joinAt, streamIndex } = source.readMarkFor(frames(readAgainFrom));
  const { t0Ms, lateSamples } = interleaver.state();
  const stream = streamIndex === 0 ? {} : { streamIndex };
  const incompleteReasons = [...parts.incompleteReasons];
  const place = { t0Ms, afterFragment, joinAt, ...stream, lateSamples };
  return { ...progress, ...place, handoverCount: before.handoverCount, incompleteReasons, refused: parts.refused };
}

/** Returns the frame at which transcription goes on: the last whole second that both sides have reached. */
export function resumeFrame({ customer, agent }: CallState["transcribedUntil"]): Frames {
  return startOfSecond(msToFrames(Math.min(customer, agent)));
}
