import * as v from "valibot";

/** The status of an agent as a supervisor means it: it follows from the agent's contacts first, then from the agent's own status. */
export const agentStatusSchema = v.picklist([
  "available",
  "ringing",
  "on a call",
  "on hold",
  "after call work",
  "missed",
  "error",
  "offline",
  "away",
]);
export type AgentStatus = v.InferOutput<typeof agentStatusSchema>;

export const channelSchema = v.picklist(["voice", "chat", "task", "email"]);
export type Channel = v.InferOutput<typeof channelSchema>;

/** A smaller time is in seconds: 10^12 ms is September 2001, and 10^12 s is far ahead. */
export const EARLIEST_MS = 1_000_000_000_000;
/** Epoch milliseconds. */
export const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(EARLIEST_MS));

/** A score from -5 (all negative) to +5 (all positive); null when nothing has been scored. */
const scoreSchema = v.nullable(v.pipe(v.number(), v.minValue(-5), v.maxValue(5)));

/** Rounds to one decimal, halves away from zero. It never returns -0. */
export function oneDecimal(value: number | null): number | null {
  if (value === null) return null;
  return (Math.sign(value) * Math.round(Math.abs(value) * 10)) / 10 + 0;
}

export const sentimentSchema = v.object({
  score: scoreSchema,
  /** One mean per quarter of the participant's own span so far. */
  quarters: v.pipe(v.array(scoreSchema), v.length(4)),
  /** Mean of the turns of the past minute. */
  recent: v.optional(scoreSchema, null),
});
export type Sentiment = v.InferOutput<typeof sentimentSchema>;

/** How many contacts of a channel an agent has and may have at once. */
export const capacitySchema = v.object({
  channel: channelSchema,
  used: v.pipe(v.number(), v.integer(), v.minValue(0)),
  max: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type Capacity = v.InferOutput<typeof capacitySchema>;

/**
 * Whether somebody listens to the agent's call. `live`: it is transcribed. `lost`: it was, and nothing of it arrives any more.
 * `failed`: its transcription gave up. `off`: nobody asked for one. `waiting`: it begins late, because all places are taken.
 */
export const transcriptionStatusSchema = v.picklist(["live", "lost", "failed", "off", "waiting"]);
export type TranscriptionStatus = v.InferOutput<typeof transcriptionStatusSchema>;

/** The public agent that every viewer gets. The first five fields are the oldest and are always present. */
export const agentSchema = v.object({
  agentId: v.string(),
  name: v.string(),
  status: agentStatusSchema,
  /** Whole seconds on the current call at the moment of sending. null = neither on a call nor on hold. */
  duration: v.nullable(v.number()),
  /** The customer's score so far on the current call, one decimal. */
  sentimentScore: v.nullable(v.number()),
  statusName: v.nullable(v.string()),
  /** When `status` began. */
  since: v.number(),
  contactId: v.nullable(v.string()),
  channel: v.nullable(channelSchema),
  queue: v.nullable(v.string()),
  routingProfile: v.nullable(v.string()),
  groups: v.array(v.string()),
  sentiment: v.nullable(v.object({ customer: sentimentSchema, agent: sentimentSchema })),
  categories: v.array(v.string()),
  stale: v.boolean(),
  /** When the call began, exact. null = off call. Legacy viewers and older hubs do not have it. */
  callStartedAt: v.optional(v.nullable(v.number())),
  /** null = nothing is known, or there is no call. Legacy viewers and older hubs do not have it. */
  transcription: v.optional(v.nullable(transcriptionStatusSchema)),
  /** The status that the agent has chosen to follow the running contact. null = none. Legacy viewers and older hubs do not have it. */
  nextStatus: v.optional(v.nullable(v.string())),
  /** Per channel. Empty = the sender does not say. Legacy viewers and older hubs do not have it. */
  capacity: v.optional(v.array(capacitySchema)),
});
export type Agent = v.InferOutput<typeof agentSchema>;

/** The fields of one agent that changed, as a batch carries them. */
export type AgentPatch = Partial<Agent> & Pick<Agent, "agentId">;
