import * as v from "valibot";
import { capacitySchema, channelSchema, sentimentSchema, timeSchema } from "./agent.ts";
import { alertRaisedSchema } from "./alert-raised.ts";
import { idSchema as id, labelSchema as label, optionalId, optionalLabel } from "./labels.ts";
import { contactQueueSchema, queueSnapshotSchema } from "./queue-updates.ts";
import { messageOf, pathOf } from "./validation-issue.ts";

/** A post carries at most this many updates, so that its SQLite transaction is short. */
export const MAX_UPDATES = 500;
/** Largest accepted body of a post, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** A turn has at most this many issues, as in Contact Lens. */
export const MAX_ISSUES = 20;
/** Longest text of a turn, in UTF-16 code units. */
export const MAX_TEXT = 20_000;
/** An agent has at most this many contacts, and as many groups. */
export const MAX_CONTACTS = 64;
export const MAX_GROUPS = 64;
/** Amazon Connect has five channels. */
export const MAX_CAPACITIES = 16;
/** A roster snapshot, or one part of it, lists at most this many agents. */
const MAX_LISTED = 50_000;
/** A roster snapshot comes in at most this many parts. */
const MAX_PARTS = 1000;
/** A time further ahead has a wrong unit (micro- or nanoseconds). It would freeze its agent for ever. */
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;
/** A task or a callback may be due in some months. Beyond that the unit is wrong. */
const MAX_SCHEDULED_AHEAD_MS = 366 * MAX_AHEAD_MS;

/** Milliseconds from the start of the contact's audio, or of its chat. JSON reads 1e400 as infinity, and writes that as null. */
const offset = v.pipe(v.number(), v.finite(), v.minValue(0));

export const roleSchema = v.picklist(["customer", "agent"]);
export type Role = v.InferOutput<typeof roleSchema>;
export const sentimentLabelSchema = v.picklist(["positive", "neutral", "negative", "mixed"]);
/** The sentiment label of one turn. */
export type SentimentLabel = v.InferOutput<typeof sentimentLabelSchema>;

export const agentContactSchema = v.object({
  contactId: id,
  initialContactId: optionalId,
  channel: channelSchema,
  state: v.picklist(["ringing", "connected", "hold", "ended", "missed", "rejected", "error", "paused"]),
  since: timeSchema,
  connectedAt: v.optional(v.nullable(timeSchema), null),
  queue: optionalLabel,
  /** How the contact began, in the words of docs/protocol.md or of the source; absent = the sender does not say. */
  direction: v.optional(v.nullable(label)),
});
export type AgentContact = v.InferOutput<typeof agentContactSchema>;

/** A contact on which an agent only listens. */
export const monitoredContactSchema = v.object({
  contactId: id,
  /** The first contact of the call that is listened to. It tells whose call it is. */
  initialContactId: optionalId,
  since: timeSchema,
});
export type MonitoredContact = v.InferOutput<typeof monitoredContactSchema>;

/** What an agent does, and who the agent is. */
const snapshotEntries = {
  name: label,
  username: optionalLabel,
  signedIn: v.boolean(),
  status: v.object({
    name: label,
    kind: v.picklist(["routable", "custom", "offline"]),
    since: timeSchema,
  }),
  contacts: v.pipe(v.array(agentContactSchema), v.maxLength(MAX_CONTACTS)),
  routingProfile: optionalLabel,
  groups: v.optional(v.pipe(v.array(label), v.maxLength(MAX_GROUPS)), []),
  /** The status that follows the running contact; absent or null = none. */
  nextStatus: v.optional(v.nullable(label)),
  /** Absent or null = the sender does not say. */
  capacity: v.optional(v.nullable(v.pipe(v.array(capacitySchema), v.maxLength(MAX_CAPACITIES)))),
  /** What the agent listens to; absent or null = nothing, and in a list: the sender does not say. */
  monitoring: v.optional(v.nullable(v.pipe(v.array(monitoredContactSchema), v.maxLength(MAX_CONTACTS)))),
};
export const agentSnapshotSchema = v.object(snapshotEntries);
export type AgentSnapshotBody = v.InferOutput<typeof agentSnapshotSchema>;

const agentStateEntries = {
  agentId: id,
  occurredAt: timeSchema,
  ...snapshotEntries,
  /** The source's own order, for example a Kinesis sequence number. It decides between states of the same time. */
  order: v.optional(v.nullable(label)),
};
export const agentStateBodySchema = v.object(agentStateEntries);
export type AgentStateBody = v.InferOutput<typeof agentStateBodySchema>;

export const agentStateSchema = v.object({ type: v.literal("agent.state"), ...agentStateEntries });
export const agentHeartbeatSchema = v.object({
  type: v.literal("agent.heartbeat"),
  agentId: id,
  occurredAt: timeSchema,
  /** What the source repeats with the heartbeat; absent or null = it only says that the agent is there. */
  snapshot: v.optional(v.nullable(agentSnapshotSchema)),
});
const agentRemovedSchema = v.object({ type: v.literal("agent.removed"), agentId: id, occurredAt: timeSchema });
/** The place in a turn's text where an issue is stated: UTF-16 code units, `end` exclusive. */
export const issueSchema = v.object({
  begin: v.pipe(v.number(), v.integer(), v.minValue(0)),
  end: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type Issue = v.InferOutput<typeof issueSchema>;
export const contactSentimentSchema = v.object({
  type: v.literal("contact.sentiment"),
  contactId: id,
  initialContactId: optionalId,
  occurredAt: timeSchema,
  customer: sentimentSchema,
  agent: sentimentSchema,
  turns: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export const contactTurnSchema = v.object({
  type: v.literal("contact.turn"),
  contactId: id,
  initialContactId: optionalId,
  turnId: id,
  role: roleSchema,
  beginMs: offset,
  endMs: offset,
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
  final: v.boolean(),
  sentiment: v.optional(v.nullable(sentimentLabelSchema), null),
  /** Absent = none. */
  issues: v.optional(v.pipe(v.array(issueSchema), v.maxLength(MAX_ISSUES))),
  occurredAt: timeSchema,
});
export const contactCategorySchema = v.object({
  type: v.literal("contact.category"),
  contactId: id,
  initialContactId: optionalId,
  name: v.pipe(label, v.nonEmpty()),
  occurredAt: timeSchema,
});
export const contactEndedSchema = v.object({
  type: v.literal("contact.ended"),
  contactId: id,
  initialContactId: optionalId,
  occurredAt: timeSchema,
});
/**
 * Says whether a contact is listened to. A sender that listens posts `live` again at least every 20 s. `waiting`: all places of
 * the transcription are taken. It begins late, from the first word.
 */
export const contactTranscriptionSchema = v.object({
  type: v.literal("contact.transcription"),
  contactId: id,
  initialContactId: optionalId,
  state: v.picklist(["live", "ended", "failed", "off", "waiting"]),
  occurredAt: timeSchema,
});
const partNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PARTS));
export const rosterSnapshotSchema = v.object({
  type: v.literal("roster.snapshot"),
  takenAt: timeSchema,
  agents: v.pipe(v.array(agentStateBodySchema), v.maxLength(MAX_LISTED)),
  /** Which part of the list this is, from 1 to `parts`; absent or null = it is the whole list. */
  part: v.optional(v.nullable(partNumber)),
  /** In how many parts the list comes. All parts have the same `takenAt` and `parts`. */
  parts: v.optional(v.nullable(partNumber)),
  /** If true, the answer to the post that completes the list names the agents on the board that it does not list. */
  reportUnlisted: v.optional(v.nullable(v.boolean())),
});

export const updateSchema = v.variant("type", [
  agentStateSchema,
  agentHeartbeatSchema,
  agentRemovedSchema,
  contactSentimentSchema,
  contactTurnSchema,
  contactCategorySchema,
  contactEndedSchema,
  contactTranscriptionSchema,
  rosterSnapshotSchema,
  contactQueueSchema,
  queueSnapshotSchema,
  alertRaisedSchema,
]);
export type Update = v.InferOutput<typeof updateSchema>;
export type AgentHeartbeat = v.InferOutput<typeof agentHeartbeatSchema>;
export type AgentState = v.InferOutput<typeof agentStateSchema>;
export type ContactSentiment = v.InferOutput<typeof contactSentimentSchema>;
export type ContactTurn = v.InferOutput<typeof contactTurnSchema>;
export type ContactCategory = v.InferOutput<typeof contactCategorySchema>;
export type ContactEnded = v.InferOutput<typeof contactEndedSchema>;
export type ContactTranscription = v.InferOutput<typeof contactTranscriptionSchema>;
export type RosterSnapshot = v.InferOutput<typeof rosterSnapshotSchema>;

export const updatesBodySchema = v.object({
  updates: v.pipe(v.array(updateSchema), v.minLength(1), v.maxLength(MAX_UPDATES)),
});

export type ParsedUpdates = { ok: true; updates: Update[] } | { ok: false; path: string; message: string };

/**
 * Parses the raw body of a post, all or nothing. `now` is epoch milliseconds. A refusal names the first wrong place
 * (`updates[3].score`) and does not repeat its value, which may be a transcript or a name.
 */
export function parseUpdates(body: string, now: number): ParsedUpdates {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, path: "", message: 'The body is not valid JSON. Send {"updates": [ … ]}.' };
  }
  const result = v.safeParse(updatesBodySchema, json, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    return { ok: false, path: pathOf(issue), message: messageOf(issue) };
  }
  const updates = result.output.updates;
  for (const [index, update] of updates.entries()) {
    const outside = update.type === "contact.turn" ? pathOfIssueOutside(update) : null;
    if (outside !== null) {
      const message = "Not within the text; expected begin < end <= length of text.";
      return { ok: false, path: `updates[${index}].${outside}`, message };
    }
    const wrongPart = update.type === "roster.snapshot" ? pathOfWrongPart(update) : null;
    if (wrongPart !== null) {
      const message = "No part of the list; expected part and parts together, with part from 1 to parts.";
      return { ok: false, path: `updates[${index}].${wrongPart}`, message };
    }
    const ahead = pathOfTimeAhead(update, now + MAX_AHEAD_MS);
    if (ahead !== null) {
      const message = "More than a day in the future; expected epoch milliseconds.";
      return { ok: false, path: `updates[${index}].${ahead}`, message };
    }
  }
  return { ok: true, updates };
}

/** Returns the path of an issue that is empty or ends behind the turn's text; null = none. */
function pathOfIssueOutside({ issues = [], text }: ContactTurn): string | null {
  const index = issues.findIndex(({ begin, end }) => begin >= end || end > text.length);
  return index < 0 ? null : `issues[${index}].end`;
}

/** Returns the path of a part that cannot be; null = the snapshot is a whole list, or one of its parts. */
function pathOfWrongPart({ part, parts }: RosterSnapshot): string | null {
  if ((part ?? null) === null) return (parts ?? null) === null ? null : "part";
  return part !== undefined && part !== null && part <= (parts ?? 0) ? null : "parts";
}

/** The times of a contact in a queue that the hub keeps the greatest of. One from far ahead would freeze them for ever. */
const QUEUE_TIMES = ["occurredAt", "enqueuedAt", "acceptedAt", "connectedAt", "endedAt"] as const;

/** Returns the path of a time after `latest`; null = none. */
function pathOfTimeAhead(update: Update, latest: number): string | null {
  if (update.type === "contact.queue") {
    if ((update.scheduledAt ?? 0) > latest + MAX_SCHEDULED_AHEAD_MS) return "scheduledAt";
    return QUEUE_TIMES.find((name) => (update[name] ?? 0) > latest) ?? null;
  }
  if (update.type === "queue.snapshot") return update.takenAt > latest ? "takenAt" : null;
  if (update.type === "roster.snapshot") {
    if (update.takenAt > latest) return "takenAt";
    for (const [index, agent] of update.agents.entries()) {
      const ahead = agent.occurredAt > latest ? "occurredAt" : pathOfSinceAhead(agent, latest);
      if (ahead !== null) return `agents[${index}].${ahead}`;
    }
    return null;
  }
  if (update.occurredAt > latest) return "occurredAt";
  if (update.type === "agent.state") return pathOfSinceAhead(update, latest);
  if (update.type !== "agent.heartbeat" || !update.snapshot) return null;
  const ahead = pathOfSinceAhead(update.snapshot, latest);
  return ahead === null ? null : `snapshot.${ahead}`;
}

/** Likewise among the times since when an agent does what it does: of two lists with the same status, the later one counts. */
function pathOfSinceAhead({ status, contacts, monitoring }: AgentSnapshotBody, latest: number): string | null {
  if (status.since > latest) return "status.since";
  for (const [index, { since, connectedAt }] of contacts.entries()) {
    if (since > latest) return `contacts[${index}].since`;
    if ((connectedAt ?? 0) > latest) return `contacts[${index}].connectedAt`;
  }
  const index = (monitoring ?? []).findIndex(({ since }) => since > latest);
  return index < 0 ? null : `monitoring[${index}].since`;
}
