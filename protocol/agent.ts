import * as v from "valibot";
import { agentTodaySchema } from "./agent-today.ts";

/** The status of an agent as a supervisor means it: it follows from the agent's contacts first, then from the agent's own status. */
export const agentStatusSchema = v.picklist([
  "available",
  "ringing",
  "on a call",
  // On a chat, a task or an e-mail. Legacy viewers get "on a call".
  "on a contact",
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

/** What an agent does on one contact. Nobody waits on a task that is `paused`. */
export const contactStatusSchema = v.picklist([
  "ringing",
  "on a call",
  "on a contact",
  "on hold",
  "after call work",
  "missed",
  "error",
  "paused",
]);
export type ContactStatus = v.InferOutput<typeof contactStatusSchema>;

/** One of an agent's contacts, as viewers see it. */
export const agentContactRowSchema = v.object({
  contactId: v.string(),
  channel: channelSchema,
  status: contactStatusSchema,
  /** When `status` began. */
  since: v.number(),
  /** When the agent and the customer began to talk or write. null = they have not. */
  startedAt: v.nullable(v.number()),
  queue: v.nullable(v.string()),
  /** How the contact began. null = the sender does not say. */
  direction: v.nullable(v.string()),
  /** The customer's score so far, one decimal. null = nothing has been scored, or the conversation is over. */
  sentimentScore: v.nullable(v.number()),
});
export type AgentContactRow = v.InferOutput<typeof agentContactRowSchema>;

/** Somebody who listens to an agent's contact. */
export const listenerSchema = v.object({
  /** null = not everybody who may see the agent may see who listens. The name likewise. */
  agentId: v.nullable(v.string()),
  name: v.nullable(v.string()),
  since: v.number(),
});
export type ContactListener = v.InferOutput<typeof listenerSchema>;

/**
 * Whether somebody listens to the agent's call. `live`: it is transcribed. `lost`: it was, and nothing of it arrives any more.
 * `failed`: its transcription gave up. `off`: nobody asked for one. `waiting`: it begins late, because all places are taken.
 */
export const transcriptionStatusSchema = v.picklist(["live", "lost", "failed", "off", "waiting"]);
export type TranscriptionStatus = v.InferOutput<typeof transcriptionStatusSchema>;

/** Each row travels whole with every change of it, so its lists are short. */
export const MAX_SHOWN_CONTACTS = 10;
export const MAX_SHOWN_LISTENERS = 10;

/** The public agent that every viewer gets. The first five fields are the oldest and are always present. */
export const agentSchema = v.object({
  agentId: v.string(),
  name: v.string(),
  status: agentStatusSchema,
  /** Whole seconds on the current contact at the moment of sending. null = not on a call, not on a contact, not on hold. */
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
  /** When the call or other contact of `contactId` began, exact. null = `duration` is null. Legacy viewers and older hubs do not have it. */
  callStartedAt: v.optional(v.nullable(v.number())),
  /** null = nothing is known, or there is no call. Legacy viewers and older hubs do not have it. */
  transcription: v.optional(v.nullable(transcriptionStatusSchema)),
  /** The status that the agent has chosen to follow the running contact. null = none. Legacy viewers and older hubs do not have it. */
  nextStatus: v.optional(v.nullable(v.string())),
  /** Per channel. Empty = the sender does not say. Legacy viewers and older hubs do not have it. */
  capacity: v.optional(v.array(capacitySchema)),
  /** The agent's contacts, the one of `contactId` first, {@link MAX_SHOWN_CONTACTS} at most. Legacy viewers and older hubs do not have it. */
  contacts: v.optional(v.array(agentContactRowSchema)),
  /** How many contacts the agent has, also those that `contacts` leaves out. Legacy viewers and older hubs do not have it. */
  contactCount: v.optional(v.number()),
  /** Who listens to the agent's contacts, since when. Legacy viewers and older hubs do not have it. */
  listening: v.optional(v.array(listenerSchema)),
  /** The figures of the agent's day. null = nothing is known of it, or the hub keeps no days. Legacy viewers and older hubs do not have it. */
  today: v.optional(v.nullable(agentTodaySchema)),
});
export type Agent = v.InferOutput<typeof agentSchema>;

/** The fields of one agent that changed, as a batch carries them. */
export type AgentPatch = Partial<Agent> & Pick<Agent, "agentId">;
