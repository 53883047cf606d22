import { msToFrames } from "../media/audio-units.ts";
import { type Checkpoint, progressOf, streamsOf } from "./checkpoint.ts";
import { type CallState, INITIAL_STATE, type TranscriberJob } from "./transcriber-job.ts";

/**
 * Decides what a new run of a call does about the call's checkpoint. Pure. The fence is the conditional write of the checkpoint:
 * these decisions only keep two runs from working side by side for long, and from starting anew.
 */

/** A checkpoint as a run finds it. `checkpoint` is null for text that this version cannot read. */
export interface FoundCheckpoint {
  checkpoint: Checkpoint | null;
  ageMs: number;
}

/**
 * `begin`: nothing is known of the call. `go-on`: continue with this job and state. `wait`: another run may be alive. Ask again
 * after `ms`. `leave`: another run is alive, or the call is over.
 */
export type StartDecision =
  | { kind: "begin" }
  | { kind: "go-on"; job: TranscriberJob; state: CallState; fruitlessStarts: number }
  | { kind: "wait"; ms: number }
  | { kind: "leave"; why: "alive" | "over" };

export interface LeaseTimes {
  /** A checkpoint that was not renewed for so long has lost its process, ms. */
  leaseMs: number;
  /** How often a waiting run looks, ms. */
  lookMs: number;
}

/** Decides at the start of a run. @param seenNumber the checkpoint's number when this run first looked, null at the first look */
export function decideStart(
  job: TranscriberJob,
  requestId: string,
  found: FoundCheckpoint | null,
  seenNumber: number | null,
  { leaseMs, lookMs }: LeaseTimes,
): StartDecision {
  if (found === null || found.checkpoint === null) return { kind: "begin" };
  const { checkpoint, ageMs } = found;
  const secondStart = isSecondStart(job, checkpoint);
  if (checkpoint.phase === "done") return secondStart ? goOn(job, checkpoint) : { kind: "leave", why: "over" };
  // Lambda retries an event when its attempt has ended. The same id therefore means that the earlier run is gone.
  if (secondStart || checkpoint.requestId === requestId || checkpoint.phase === "handed-over") return goOn(job, checkpoint);
  if (seenNumber !== null && checkpoint.number !== seenNumber) return { kind: "leave", why: "alive" };
  if (ageMs >= leaseMs) return goOn(job, checkpoint);
  return { kind: "wait", ms: Math.min(lookMs, leaseMs - ageMs) };
}

/**
 * Whether a job that no attempt is left for knows more than the call's checkpoint: of streaming that was started again, or of a
 * hand-over whose checkpoint could not be written.
 */
export function knowsMore(job: TranscriberJob, checkpoint: Checkpoint): boolean {
  return isSecondStart(job, checkpoint) || (checkpoint.phase !== "done" && newerState(job, checkpoint) !== null);
}

/** Streaming was stopped and started again: a trigger's job for the same contact whose audio begins later. */
function isSecondStart(job: TranscriberJob, { job: known }: Checkpoint): boolean {
  const newest = Math.max(...streamsOf(known).map(({ startTimestamp }) => startTimestamp));
  return job.state === null && job.startTimestamp > newest;
}

function goOn(job: TranscriberJob, checkpoint: Checkpoint): StartDecision {
  const state = newerState(job, checkpoint) ?? checkpoint.state;
  const gotNoFurther = checkpoint.phase === "running" && progressOf(state) === checkpoint.begunAt;
  const fruitlessStarts = gotNoFurther ? checkpoint.fruitlessStarts + 1 : 0;
  if (!isSecondStart(job, checkpoint)) return { kind: "go-on", job: { ...checkpoint.job, state: null }, state, fruitlessStarts };
  const { streamArn, startTimestamp, startFragment, language } = job;
  const laterStreams = [...(checkpoint.job.laterStreams ?? []), { streamArn, startTimestamp, startFragment }];
  // The flow may have changed its wishes meanwhile. What is left of the stream before is heard by the stricter of both.
  const isOver = checkpoint.phase === "done";
  const { sides: _, ...known } = checkpoint.job;
  const sides = isOver ? job.sides : stricter(checkpoint.job.sides, job.sides);
  const record = job.record || (!isOver && checkpoint.job.record);
  const joined = { ...known, laterStreams, language, record, state: null, ...(sides && { sides }) };
  const behindEnd = isOver ? afterEnd(state, startTimestamp, laterStreams.length) : state;
  return { kind: "go-on", job: joined, state: behindEnd, fruitlessStarts: 0 };
}

/**
 * Returns the state of a hand-over whose checkpoint could not be written, or null when the checkpoint knows as much. A late
 * hand-over may find that another run has gone on from the checkpoint, and further than the hand-over was.
 */
function newerState({ state }: TranscriberJob, { state: known }: Checkpoint): CallState | null {
  if (state === null || state.handoverCount <= known.handoverCount) return null;
  return progressOf(state) >= progressOf(known) ? state : null;
}

/** Returns the sides that both permit. Absent means both sides. */
function stricter(one: TranscriberJob["sides"], other: TranscriberJob["sides"]): TranscriberJob["sides"] {
  if (one === undefined || other === undefined) return one ?? other;
  return { customer: one.customer && other.customer, agent: one.agent && other.agent };
}

/** Returns the state of a call that was over and goes on. Nothing was streamed between its end and the second before the new start. */
function afterEnd(state: CallState, startTimestamp: number, streamIndex: number): CallState {
  if (state.t0Ms === null) return { ...state, streamIndex, afterFragment: null, joinAt: [null, null] };
  const { customer, agent } = state.transcribedUntil;
  const newStartMs = Math.floor((startTimestamp - state.t0Ms) / 1000) * 1000 - 1000;
  const goesOnAtMs = Math.max(Math.ceil(Math.max(customer, agent) / 1000) * 1000, newStartMs);
  const firstFrame = msToFrames(goesOnAtMs);
  return {
    ...state,
    transcribedUntil: { customer: goesOnAtMs, agent: goesOnAtMs },
    afterFragment: null,
    joinAt: [null, null],
    streamIndex,
    recording: state.recording && { ...state.recording, nextFrame: firstFrame, firstFrame },
  };
}

/** A run that dies again and again at one place is started this often at most. */
export const MAX_FRUITLESS_STARTS = 6;
/** The longest wait of the watchdog before it starts a call that got no further once more, ms. */
const LONGEST_WAIT_MS = 3_600_000;

/** Decides whether the watchdog starts a call again. @param ageMs time since the checkpoint was written @param keptMs how long the stream keeps sound */
export function shouldStartAgain(checkpoint: Checkpoint, ageMs: number, overdueMs: number, keptMs: number): boolean {
  if (checkpoint.phase === "done" || checkpoint.fruitlessStarts >= MAX_FRUITLESS_STARTS || ageMs >= keptMs) return false;
  return ageMs >= Math.min(LONGEST_WAIT_MS, overdueMs * 2 ** checkpoint.fruitlessStarts);
}

/** Returns the state with which a run begins that found no checkpoint. */
export function stateOf(job: TranscriberJob): CallState {
  return job.state ?? INITIAL_STATE;
}
