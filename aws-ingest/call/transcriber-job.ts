import * as v from "valibot";
import { contactTurnSchema, roleSchema, sentimentLabelSchema, updateSchema } from "../../protocol/updates.ts";
import { frames } from "../media/audio-units.ts";
import { withCurrentNames } from "./earlier-handovers.ts";

/**
 * The event of a transcriber: from the trigger at the start of a call, from the transcriber itself when it hands a long call
 * over. Plain JSON, far below the 1 MB that an asynchronous invocation may carry.
 */

const contactId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const joinPoint = v.nullable(v.pipe(whole, v.transform(frames)));
const fragmentNumber = v.pipe(v.string(), v.regex(/^\d{1,128}$/));

const planSchema = v.object({
  service: v.picklist(["call-analytics", "standard"]),
  languageCode: v.string(),
  identify: v.array(v.string()),
  comprehendLanguage: v.nullable(v.string()),
  redaction: v.boolean(),
});

/** A scored turn as a row (id, role, begin, end, sentiment), because a call of hours has many. */
const turnRowSchema = v.tuple([v.string(), roleSchema, whole, whole, sentimentLabelSchema]);

const recordingSchema = v.object({
  /** null until a part is uploaded. */
  uploadId: v.nullable(v.string()),
  /** Number and ETag of each uploaded part. */
  parts: v.array(v.tuple([whole, v.string()])),
  /** The first frame that is not uploaded. */
  nextFrame: v.pipe(whole, v.transform(frames)),
  /** The store failed, so there will be no recording. */
  broken: v.boolean(),
  /** The frame with which this recording begins. A contact that is recorded a second time has a second recording. */
  firstFrame: v.optional(v.pipe(whole, v.transform(frames))),
  /** The parts are all there, and the upload is being completed or is complete. */
  completing: v.optional(v.boolean()),
  /** Keys of the contact's recordings that are complete. */
  finished: v.optional(v.array(v.string())),
});

const transcriptSchema = v.object({
  turns: v.array(contactTurnSchema),
  /** Keys of the objects that hold the turns before these. */
  earlier: v.array(v.string()),
});

/** A place where a contact's audio begins: in this stream at this time (epoch ms), or behind this fragment. */
const streamStartSchema = v.object({
  streamArn: v.pipe(v.string(), v.startsWith("arn:")),
  startTimestamp: whole,
  /** The fragment in which the audio began, for streams that cannot be read from a time. */
  startFragment: v.optional(v.nullable(fragmentNumber), null),
});
export type StreamStart = v.InferOutput<typeof streamStartSchema>;

/** The state that one invocation of a call passes to the next. Times are ms on the contact's timeline unless said otherwise. */
export const callStateSchema = v.object({
  /** How many invocations have worked on this call before. */
  handoverCount: whole,
  /** Epoch ms of frame 0. null before the first audio. */
  t0Ms: v.nullable(v.number()),
  /** Per side, the time up to which all speech is in final turns. Speech after it is transcribed again. */
  transcribedUntil: v.object({ customer: whole, agent: whole }),
  /** The last fragment that lies wholly before both of `transcribedUntil`. null means that reading begins at the start. */
  afterFragment: v.nullable(fragmentNumber),
  /** Per side, the frame that the first block behind `afterFragment` joins. null: unknown, and the block's time decides. */
  joinAt: v.optional(v.tuple([joinPoint, joinPoint]), [null, null]),
  /** Which stream `afterFragment` belongs to: 0 is the job's own, 1 the first of its `laterStreams`. */
  streamIndex: v.optional(whole),
  /** Samples that came too late to be placed. */
  lateSamples: whole,
  /** Turns that were cut off and are transcribed again. */
  pendingTurns: v.array(v.object({ turnId: v.string(), role: roleSchema, beginMs: whole, endMs: whole })),
  turns: v.array(turnRowSchema),
  categories: v.array(v.string()),
  /** `occurredAt` of the newest sentiment that was posted (epoch ms). */
  newestSentiment: whole,
  /** null means that the call is not recorded. */
  recording: v.nullable(recordingSchema),
  transcript: v.nullable(transcriptSchema),
  /** Why some audio was never transcribed. Empty means complete. */
  incompleteReasons: v.array(v.string()),
  /** What the speech service refused. Absent means nothing. */
  refused: v.optional(
    v.object({
      /** Options that the sessions do without. */
      options: v.array(v.picklist(["redaction", "vocabulary", "vocabulary-filter", "identification", "call-analytics"])),
      /** It refused the session itself, so nobody transcribes the rest of the call. */
      session: v.boolean(),
    }),
  ),
  /** The masking of personal data so far. Absent means that none was asked for, or the call has just begun. */
  masking: v.optional(
    v.object({
      /** Masked words, in frames of the call, whose audio is not stored yet. */
      spans: v.array(v.tuple([roleSchema, whole, whole])),
      /** The text of some turn was withheld, because nobody masks it. */
      textWithheld: v.boolean(),
      /** The recording has speech whose personal data nobody masked. */
      audioInClear: v.boolean(),
    }),
  ),
  /**
   * When the conversation began, in ms of the audio: turns and scores count from there. null while no agent has joined. Absent in
   * states of versions that counted from the first audio.
   */
  conversation: v.optional(v.object({ beginMs: v.nullable(whole) })),
  /** Updates that the hub has not accepted yet. The next invocation posts them again. */
  unposted: v.optional(v.fallback(v.array(updateSchema), [])),
});
export type CallState = v.InferOutput<typeof callStateSchema>;

/** The state of a call that no invocation has transcribed yet. */
export const INITIAL_STATE: CallState = {
  handoverCount: 0,
  t0Ms: null,
  transcribedUntil: { customer: 0, agent: 0 },
  afterFragment: null,
  joinAt: [null, null],
  lateSamples: 0,
  pendingTurns: [],
  turns: [],
  categories: [],
  newestSentiment: 0,
  recording: null,
  transcript: null,
  incompleteReasons: [],
  conversation: { beginMs: null },
};

export const transcriberJobSchema = v.object({
  contactId,
  initialContactId: v.nullable(contactId),
  // The first stream of the contact, and the moment at which its audio began.
  ...streamStartSchema.entries,
  /** Where the audio went on after streaming had been stopped and started again, in order. */
  laterStreams: v.optional(v.array(streamStartSchema)),
  /** The place that the call has among those that are transcribed at once. Absent: their number has no limit. */
  place: v.optional(whole),
  /** How often the watchdog has started a job that left no checkpoint. */
  restarts: v.optional(whole),
  language: planSchema,
  /** The contact asked for a recording. */
  record: v.boolean(),
  /** The sides that may be transcribed, scored and recorded. Absent means both, as in jobs of version 0.1.0. */
  sides: v.optional(v.object({ customer: v.boolean(), agent: v.boolean() })),
  /** null at the start of a call. */
  state: v.nullable(v.pipe(v.unknown(), v.transform(withCurrentNames), callStateSchema)),
});
export type TranscriberJob = v.InferOutput<typeof transcriberJobSchema>;

/** Reads an event, also one that an earlier version handed over. @throws TypeError that names the first wrong place. */
export function parseTranscriberJob(event: unknown): TranscriberJob {
  const result = v.safeParse(transcriberJobSchema, event, { abortEarly: true });
  if (result.success) return result.output;
  const place = v.getDotPath(result.issues[0]) ?? "the event itself";
  throw new TypeError(
    `The event is not a transcriber job: ${place} is missing or wrong. Only the trigger and the transcriber send jobs.`,
  );
}
