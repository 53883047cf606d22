import * as v from "valibot";
import { channelSchema, timeSchema } from "./agent.ts";
import { idSchema, labelSchema, optionalId } from "./labels.ts";

/** Amazon Connect has 50 queues an instance by default, and a support case raises that to some thousands. */
const MAX_QUEUES = 5000;
/** Amazon Connect has 500 routing profiles an instance by default. */
const MAX_PROFILES = 5000;
const MAX_CHANNELS = 16;

const optionalTime = v.optional(v.nullable(timeSchema), null);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const optionalCount = v.optional(v.nullable(count), null);
const optionalSeconds = v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))), null);

/**
 * What is known of one leg of a contact in a queue. Each time is a fact of its own: null = the sender does not say. A transfer and
 * a callback are legs with a contact id of their own.
 */
export const contactQueueSchema = v.object({
  type: v.literal("contact.queue"),
  contactId: idSchema,
  /** The first contact of the conversation; null on that contact itself. */
  initialContactId: optionalId,
  /** The contact that this one follows, for example the call that was transferred here. */
  previousContactId: optionalId,
  channel: channelSchema,
  /** How the contact began: `inbound`, `outbound`, `transfer`, `queue_transfer`, `callback`, `api`, …; null = unknown. */
  method: v.optional(v.nullable(labelSchema), null),
  /** null = the event names no queue. */
  queueId: optionalId,
  /** `agent`: the queue of one agent. It is in no list of queues. */
  queueKind: v.optional(v.nullable(v.picklist(["standard", "agent"])), null),
  enqueuedAt: optionalTime,
  /** When an agent took the offer. For a callback that is before the customer answers. */
  acceptedAt: optionalTime,
  /** When agent and customer were joined. */
  connectedAt: optionalTime,
  endedAt: optionalTime,
  /** When a callback or a scheduled task is due. */
  scheduledAt: optionalTime,
  /** Whether a task is paused; null = the event does not say. */
  paused: v.optional(v.nullable(v.boolean()), null),
  agentId: optionalId,
  /** The newest time in the event, epoch ms. */
  occurredAt: timeSchema,
});
export type ContactQueue = v.InferOutput<typeof contactQueueSchema>;

/** What Amazon Connect counts in one queue and channel. null = it cannot compute the figure. */
const channelFiguresSchema = v.object({
  channel: channelSchema,
  waiting: optionalCount,
  oldestSeconds: optionalSeconds,
  scheduled: optionalCount,
  estimatedWaitSeconds: optionalSeconds,
});

const queueFiguresSchema = v.object({
  queueId: idSchema,
  name: labelSchema,
  /** The target of the service level, seconds; absent or null = the hub's default. */
  serviceLevelSeconds: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800))), null),
  channels: v.pipe(v.array(channelFiguresSchema), v.maxLength(MAX_CHANNELS)),
  staffed: optionalCount,
  available: optionalCount,
});
export type QueueFigures = v.InferOutput<typeof queueFiguresSchema>;

/** The queues of an instance with Amazon Connect's own figures, and which routing profile serves which queues. */
export const queueSnapshotSchema = v.object({
  type: v.literal("queue.snapshot"),
  takenAt: timeSchema,
  /** Whether every standard queue of the instance is in it. A queue that a complete snapshot lacks is gone. */
  complete: v.boolean(),
  queues: v.pipe(v.array(queueFiguresSchema), v.maxLength(MAX_QUEUES)),
  /** Absent = the sender did not ask this time. */
  profiles: v.optional(
    v.pipe(
      v.array(v.object({ name: labelSchema, queues: v.pipe(v.array(idSchema), v.maxLength(MAX_QUEUES)) })),
      v.maxLength(MAX_PROFILES),
    ),
  ),
});
export type QueueSnapshot = v.InferOutput<typeof queueSnapshotSchema>;
