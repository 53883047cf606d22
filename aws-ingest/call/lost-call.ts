import * as v from "valibot";
import { type TranscriberJob, transcriberJobSchema } from "./transcriber-job.ts";

/** A job that leaves no checkpoint fails before it has begun. It is started again so often at most. */
const MAX_RESTARTS = 5;

/**
 * Lambda's note of an asynchronous event that it gave up (developer guide, "Retaining records of asynchronous invocations").
 * `requestPayload` is the event itself.
 */
const noteSchema = v.object({
  requestContext: v.object({ functionArn: v.string() }),
  requestPayload: transcriberJobSchema,
});

/** Reads a message of the failed queue. Returns the transcriber's job, or null for a note about something else. */
export function readLostJob(message: string, functionNames: readonly string[]): TranscriberJob | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), noteSchema), message);
  if (!result.success) return null;
  // arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
  const name = result.output.requestContext.functionArn.split(":")[6];
  return name !== undefined && functionNames.includes(name) ? result.output.requestPayload : null;
}

/**
 * Returns the job with which a call that left no checkpoint is started again, or null when that is hopeless.
 * @param now epoch ms @param keptMs how long the stream keeps the sound
 */
export function jobAgain(job: TranscriberJob, now: number, keptMs: number): TranscriberJob | null {
  const restarts = (job.restarts ?? 0) + 1;
  return restarts > MAX_RESTARTS || job.startTimestamp + keptMs <= now ? null : { ...job, restarts };
}
