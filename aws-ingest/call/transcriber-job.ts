import * as v from "valibot";
import { contactTurnSchema, roleSchema, sentimentLabelSchema } from "../../protocol/updates.ts";
import { withCurrentNames } from "./earlier-handovers.ts";

/**
 * What the transcriber is asked to do: by the trigger at the start of a call, by itself when it hands a long call over.
 * Plain JSON, well under the megabyte that an asynchronous invocation carries.
 */

const contactId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

const planSchema = v.object({
  service: v.picklist(["call-analytics", "standard"]),
  languageCode: v.string(),
  identify: v.array(v.string()),
  comprehendLanguage: v.nullable(v.string()),
  redaction: v.boolean(),
});

/** A scored turn as a row, to keep hours of them small: id, role, begin, end, sentiment. */
const turnRowSchema = v.tuple([v.string(), roleSchema, whole, whole, sentimentLabelSchema]);

const recordingSchema = v.object({
  /** null until a part is uploaded. */
  uploadId: v.nullable(v.string()),
  /** Number and tag of each part uploaded. */
  parts: v.array(v.tuple([whole, v.string()])),
  /** The first sample not uploaded. */
  nextFrame: whole,
  /** The store failed: there will be no recording. */
  broken: v.boolean(),
});

const transcriptSchema = v.object({
  turns: v.array(contactTurnSchema),
  /** Keys of the objects with the turns before these. */
  earlier: v.array(v.string()),
});

/** Where a call stands when one invocation passes it to the next. Times in ms on the contact's timeline unless said otherwise. */
export const callStateSchema = v.object({
  /** How many invocations have worked on this call before. */
  handoverCount: whole,
  /** Epoch ms of sample 0; null before the first sound. */
  t0Ms: v.nullable(v.number()),
  /** Up to where each side's speech has been turned into turns for good; speech after it is transcribed again. */
  transcribedUntil: v.object({ customer: whole, agent: whole }),
  /** The last fragment that is wholly before both of `heard`; null = read from the start. */
  afterFragment: v.nullable(v.pipe(v.string(), v.regex(/^\d{1,128}$/))),
  /** Samples that came too late to be placed. */
  lateSamples: whole,
  /** Turns that were cut off and are heard again. */
  pendingTurns: v.array(v.object({ turnId: v.string(), role: roleSchema, beginMs: whole, endMs: whole })),
  turns: v.array(turnRowSchema),
  categories: v.array(v.string()),
  /** `occurredAt` of the newest sentiment posted (epoch ms). */
  newestSentiment: whole,
  /** null = not recorded. */
  recording: v.nullable(recordingSchema),
  transcript: v.nullable(transcriptSchema),
  /** Why some audio was never transcribed; empty = complete. */
  incompleteReasons: v.array(v.string()),
});
export type CallState = v.InferOutput<typeof callStateSchema>;

export const transcriberJobSchema = v.object({
  contactId,
  initialContactId: v.nullable(contactId),
  streamArn: v.pipe(v.string(), v.startsWith("arn:")),
  /** Epoch ms: when the contact's audio began. */
  startTimestamp: whole,
  /** The fragment in which it began, for streams that cannot be read from a time. */
  startFragment: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\d{1,128}$/))), null),
  language: planSchema,
  /** The contact asked for a recording. */
  record: v.boolean(),
  /** null at the start of a call. */
  state: v.nullable(v.pipe(v.unknown(), v.transform(withCurrentNames), callStateSchema)),
});
export type TranscriberJob = v.InferOutput<typeof transcriberJobSchema>;

/** @throws TypeError that names the first wrong place of the job. */
export function parseTranscriberJob(event: unknown): TranscriberJob {
  const result = v.safeParse(transcriberJobSchema, event, { abortEarly: true });
  if (result.success) return result.output;
  throw new TypeError(`Not a transcriber job: ${v.getDotPath(result.issues[0]) ?? "event"} is missing or wrong.`);
}
