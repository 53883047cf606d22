import * as v from "valibot";
import { withCurrentNames } from "./earlier-handovers.ts";
import { type CallState, callStateSchema, type TranscriberJob, transcriberJobSchema } from "./transcriber-job.ts";

/**
 * What is kept of a call outside its process, so that another process can go on. Plain JSON, written with a condition on the
 * version before, so that of two processes one finds itself overtaken.
 */

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

const checkpointSchema = v.object({
  version: v.literal(1),
  /** One more than in the version before, so that no two versions are equal: S3's ETag may be the digest of the content. */
  number: whole,
  /** Who wrote it: Lambda's request id, and a random value. Lambda's own retry has the same request id. */
  requestId: v.string(),
  run: v.string(),
  /** `running`: a process works on the call. `handed-over`: the next one is to go on. `done`: the call is over. */
  phase: v.picklist(["running", "handed-over", "done"]),
  /** How many runs in a row have begun here and died without getting any further. */
  fruitlessStarts: whole,
  /** How far the call was when this run began, by {@link progressOf}. */
  begunAt: whole,
  /** The job with which the call began, without a state. */
  job: transcriberJobSchema,
  state: v.pipe(v.unknown(), v.transform(withCurrentNames), callStateSchema),
});
export type Checkpoint = v.InferOutput<typeof checkpointSchema>;
export type CheckpointPhase = Checkpoint["phase"];

/** Reads a stored checkpoint. Returns null for text that this version cannot read. */
export function parseCheckpoint(body: string): Checkpoint | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), checkpointSchema), body);
  return result.success ? result.output : null;
}

const ownedSchema = v.pipe(v.string(), v.parseJson(), v.object({ run: v.string() }));

/** Whether some run wrote this text, of any release. A text that was damaged is nobody's, and no reason to leave a call. */
export function hasOwner(body: string): boolean {
  return v.is(ownedSchema, body);
}

/** Returns a number that grows whenever a call gets further: more is transcribed or recorded. */
export function progressOf(state: CallState): number {
  const { transcribedUntil, recording } = state;
  return transcribedUntil.customer + transcribedUntil.agent + (recording?.nextFrame ?? 0) + (recording?.finished?.length ?? 0);
}

/** Returns every stream of the job in order, the first one first. */
export function streamsOf({ streamArn, startTimestamp, startFragment, laterStreams = [] }: TranscriberJob) {
  return [{ streamArn, startTimestamp, startFragment }, ...laterStreams];
}
