import * as v from "valibot";
import { channelSchema } from "./agent.ts";

/** The sums of a day of one queue. The day begins at midnight in the hub's `TIME_ZONE`. */
export const queueDaySchema = v.object({
  queued: v.number(),
  answered: v.number(),
  /** Customers who left while they waited. A requested callback is not one. */
  abandoned: v.number(),
  /** Contacts that left the queue for a callback. */
  callbacks: v.number(),
  /** Contacts that count as success by the formula of the service level. */
  withinTarget: v.number(),
  /** 0 to 1; null = nobody was queued. */
  serviceLevel: v.nullable(v.number()),
  /** Mean wait of the answered contacts, ms; null = none was answered. */
  averageAnswerMs: v.nullable(v.number()),
  /** Longest wait of a contact that has left the queue, ms; null = none has. */
  longestWaitMs: v.nullable(v.number()),
});
export type QueueDay = v.InferOutput<typeof queueDaySchema>;

/** The public queue that every `hub.v1` viewer gets. */
export const queueSchema = v.object({
  queueId: v.string(),
  name: v.string(),
  /** Contacts that wait, those that ring at an agent among them. */
  waiting: v.number(),
  /** Contacts that wait and ring at an agent. */
  ringing: v.number(),
  /** Callbacks and tasks that are not due yet. */
  scheduled: v.number(),
  /** Since when the contact waits that has waited longest, epoch ms; null = nobody waits. */
  oldestSince: v.nullable(v.number()),
  /** Amazon Connect's estimate; null = unknown. */
  estimatedWaitMs: v.nullable(v.number()),
  /** Agents who are signed in, whose routing profile serves the queue and who are in no custom status; null = unknown. */
  staffed: v.nullable(v.number()),
  /** Staffed agents who could answer now. Silent agents are not among them. */
  available: v.nullable(v.number()),
  /** Agents who would be available, but of whom nothing has been heard for too long. */
  silent: v.nullable(v.number()),
  /** Waiting contacts by channel; a channel where nobody waits is absent. */
  channels: v.record(channelSchema, v.optional(v.number())),
  /** The target of the service level, seconds. */
  serviceLevelSeconds: v.number(),
  /** Which formula counts the service level (QUE-5). An older hub does not say. */
  serviceLevelFormula: v.optional(v.picklist(["removed", "answered"])),
  /** Names of the routing profiles that serve the queue. */
  profiles: v.array(v.string()),
  today: queueDaySchema,
});
export type CenterQueue = v.InferOutput<typeof queueSchema>;

/** The fields of one queue that changed, as a batch carries them. */
export type QueuePatch = Partial<CenterQueue> & Pick<CenterQueue, "queueId">;

/** One contact that waits in a queue, as viewers that watch the queue get it. */
export const waitingContactSchema = v.object({
  contactId: v.string(),
  channel: channelSchema,
  /** Since when it waits, epoch ms. */
  since: v.number(),
  /** The agent whom it rings at; null = it rings nowhere. */
  ringingAt: v.nullable(v.string()),
  callback: v.boolean(),
});
export type WaitingContact = v.InferOutput<typeof waitingContactSchema>;

/** What happened in a queue in a quarter of an hour. */
export const queueQuarterSchema = v.object({
  /** When it began, epoch ms. */
  from: v.number(),
  queued: v.number(),
  answered: v.number(),
  abandoned: v.number(),
  callbacks: v.number(),
  withinTarget: v.number(),
});
export type QueueQuarter = v.InferOutput<typeof queueQuarterSchema>;
