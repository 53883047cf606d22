import * as v from "valibot";
import { type AgentPatch, agentSchema } from "./agent.ts";
import { type AlertPatch, centerAlertSchema } from "./alert.ts";
import { centerFactsSchema } from "./center.ts";
import { type QueuePatch, queueQuarterSchema, queueSchema, waitingContactSchema } from "./queue.ts";
import { issueSchema, roleSchema, sentimentLabelSchema } from "./updates.ts";

/** The WebSocket subprotocol of today's clients. A legacy client offers none and gets the frames of the first release. */
export const SUBPROTOCOL = "hub.v1";
/** The subprotocol of clients that read compact rows and packed frames. They offer {@link SUBPROTOCOL} too, for older hubs. */
export const COMPACT_SUBPROTOCOL = "hub.v1.z";
/** A client may offer `ticket.<ticket>` next to {@link SUBPROTOCOL}, which keeps the ticket out of the URL. */
export const TICKET_PREFIX = "ticket.";
/** Largest message a viewer may send, in bytes. */
export const MAX_CLIENT_MESSAGE_BYTES = 4096;
/** The runtime answers this text frame itself, without waking the hub. */
export const PING = "ping";
export const PONG = "pong";

/** What a viewer may ask for as its pace, in milliseconds. */
export const FASTEST_PACE_MS = 100;
const SLOWEST_PACE_MS = 10_000;

const position = { epoch: v.string(), seq: v.number() };
const range = { epoch: v.string(), from: v.number(), to: v.number(), serverTime: v.number() };

export const turnSchema = v.object({
  turnId: v.string(),
  role: roleSchema,
  /** Milliseconds from the start of the contact's audio, or of its chat. */
  beginMs: v.number(),
  endMs: v.number(),
  text: v.string(),
  final: v.boolean(),
  sentiment: v.nullable(sentimentLabelSchema),
  /** The places in `text` where the caller states an issue; absent = none. */
  issues: v.optional(v.array(issueSchema)),
  occurredAt: v.number(),
});
/** One utterance of one speaker, as viewers see it. */
export type Turn = v.InferOutput<typeof turnSchema>;

const patchSchema = v.object({ ...v.partial(agentSchema).entries, agentId: v.string() });
const queuePatchSchema = v.object({ ...v.partial(queueSchema).entries, queueId: v.string() });
const alertPatchSchema = v.object({ ...v.partial(centerAlertSchema).entries, alertId: v.string() });
const removedSchema = v.array(v.string());

/** The other collections in a whole list. An older hub sends none. */
const lists = { queues: v.optional(v.array(queueSchema)), alerts: v.optional(v.array(centerAlertSchema)) };
/** The other collections in a batch. They are absent when there is no news of them. */
const patches = {
  queues: v.optional(v.object({ data: v.array(queuePatchSchema), removed: removedSchema })),
  alerts: v.optional(v.object({ data: v.array(alertPatchSchema), removed: removedSchema })),
};
/** The other collections in the answer to a resume. */
const resumedRows = {
  queues: v.optional(v.object({ data: v.array(queueSchema), removed: removedSchema })),
  alerts: v.optional(v.object({ data: v.array(centerAlertSchema), removed: removedSchema })),
};

/** Every frame that the hub sends to a viewer. */
export const serverMessageSchema = v.variant("type", [
  v.object({
    type: v.literal("initialAgentList"),
    ...position,
    data: v.array(agentSchema),
    ...lists,
    serverTime: v.optional(v.number()),
    /** When the viewer's session ends unless it sends a `refresh` before. */
    sessionExpiresAt: v.optional(v.number()),
    /** Within how many milliseconds to come back after an end that hits every viewer. */
    comeBackWithinMs: v.optional(v.number()),
    /** An older hub sends none. */
    center: v.optional(centerFactsSchema),
  }),
  v.object({ type: v.literal("agentStatusUpdate"), ...position, data: agentSchema }),
  v.object({ type: v.literal("agentRemoved"), data: v.object({ agentId: v.string() }) }),
  v.object({ type: v.literal("agentStatusBatch"), ...range, data: v.array(patchSchema), removed: removedSchema, ...patches }),
  v.object({
    type: v.literal("resumed"),
    ...range,
    data: v.array(agentSchema),
    removed: removedSchema,
    ...resumedRows,
    sessionExpiresAt: v.optional(v.number()),
    comeBackWithinMs: v.optional(v.number()),
    center: v.optional(centerFactsSchema),
  }),
  v.object({
    type: v.literal("transcript"),
    contactId: v.string(),
    turns: v.array(turnSchema),
    complete: v.boolean(),
    /** true = the hub no longer has the earliest turns, because there were too many. Only with the turns so far; absent = it has. */
    truncated: v.optional(v.boolean()),
  }),
  v.object({
    type: v.literal("queueContacts"),
    queueId: v.string(),
    /** The contacts that have waited longest, at most 200. */
    contacts: v.array(waitingContactSchema),
    /** The last hours, oldest first. */
    quarters: v.optional(v.array(queueQuarterSchema)),
  }),
  v.object({ type: v.literal("refreshed"), sessionExpiresAt: v.number() }),
  v.object({
    type: v.literal("error"),
    code: v.string(),
    message: v.string(),
    /** The contact of a refused `watch`; absent where the error is about none, and from older hubs. The next two likewise. */
    contactId: v.optional(v.string()),
    queueId: v.optional(v.string()),
    alertId: v.optional(v.string()),
  }),
]);
type ParsedServerMessage = v.InferOutput<typeof serverMessageSchema>;
type BatchMessage = Omit<Extract<ParsedServerMessage, { type: "agentStatusBatch" }>, "data" | "queues" | "alerts"> & {
  data: AgentPatch[];
  queues?: { data: QueuePatch[]; removed: string[] } | undefined;
  alerts?: { data: AlertPatch[]; removed: string[] } | undefined;
};
export type ServerMessage = Exclude<ParsedServerMessage, { type: "agentStatusBatch" }> | BatchMessage;

const contactId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const queueId = contactId;
/** Holds the id of a rule, of a subject and a time. */
const alertId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(640));

/** Every message that a `hub.v1` viewer may send, besides the text `ping`. */
export const clientMessageSchema = v.variant("type", [
  v.object({ type: v.literal("watch"), contactId }),
  v.object({ type: v.literal("unwatch"), contactId }),
  v.object({ type: v.literal("watchQueue"), queueId }),
  v.object({ type: v.literal("unwatchQueue"), queueId }),
  v.object({ type: v.literal("acknowledge"), alertId }),
  v.object({
    type: v.literal("pace"),
    intervalMs: v.pipe(v.number(), v.integer(), v.minValue(FASTEST_PACE_MS), v.maxValue(SLOWEST_PACE_MS)),
  }),
  v.object({ type: v.literal("refresh"), ticket: v.pipe(v.string(), v.nonEmpty()) }),
  v.object({ type: v.literal("resync") }),
]);
export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;
