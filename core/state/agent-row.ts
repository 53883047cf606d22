import * as v from "valibot";
import {
  type Agent,
  type AgentStatus,
  agentContactRowSchema,
  agentSchema,
  capacitySchema,
  listenerSchema,
  transcriptionStatusSchema,
} from "../../protocol/agent.ts";
import { agentTodaySchema } from "../../protocol/agent-today.ts";
import type { CollectionDefinition } from "../board/collection.ts";

const wire = agentSchema.entries;

/** Returns the entries of a list that can be read. A newer version may have written others. */
function readable<Schema extends v.GenericSchema>(schema: Schema) {
  return v.fallback(
    v.pipe(
      v.array(v.fallback(v.nullable(schema), null)),
      v.transform((entries) => entries.filter((entry) => entry !== null)),
    ),
    [],
  );
}

/**
 * The public fields of an agent, each with what a row has that was written before the field existed. `duration` is left out: it
 * changes by itself and is counted from `callStartedAt` when a frame is made.
 */
const rowEntries = {
  agentId: wire.agentId,
  name: v.fallback(wire.name, ""),
  /**
   * A row has "on a call" on every channel, as in the first release, so that a rollback and relays of other versions can read it.
   * {@link shownStatus} makes it what viewers get. Of a status of a newer version the status name beside it says more.
   */
  status: v.fallback(
    v.pipe(
      wire.status,
      v.transform((status) => (status === "on a contact" ? "on a call" : status)),
    ),
    "away",
  ),
  sentimentScore: v.fallback(wire.sentimentScore, null),
  statusName: v.fallback(wire.statusName, null),
  since: v.fallback(wire.since, 0),
  contactId: v.fallback(wire.contactId, null),
  channel: v.fallback(wire.channel, null),
  queue: v.fallback(wire.queue, null),
  routingProfile: v.fallback(wire.routingProfile, null),
  groups: v.fallback(wire.groups, []),
  sentiment: v.fallback(wire.sentiment, null),
  categories: v.fallback(wire.categories, []),
  stale: v.fallback(wire.stale, false),
  callStartedAt: v.fallback(v.nullable(v.number()), null),
  transcription: v.fallback(v.nullable(transcriptionStatusSchema), null),
  nextStatus: v.fallback(v.nullable(v.string()), null),
  capacity: v.fallback(v.array(capacitySchema), []),
  contacts: readable(agentContactRowSchema),
  contactCount: v.fallback(v.number(), 0),
  listening: readable(listenerSchema),
  today: v.fallback(v.nullable(agentTodaySchema), null),
} satisfies Record<Exclude<keyof Agent, "duration">, v.GenericSchema>;

const agentRowSchema = v.object(rowEntries);

/** What contacts alone decide of a row. */
export const contactFieldsSchema = v.object({
  sentimentScore: rowEntries.sentimentScore,
  sentiment: rowEntries.sentiment,
  categories: rowEntries.categories,
  transcription: rowEntries.transcription,
  /** The score of each of its contacts. */
  scores: v.array(rowEntries.sentimentScore),
});

/** One agent on the board. */
export type AgentRow = v.InferOutput<typeof agentRowSchema>;

/** The collection of agents. */
export const AGENTS: CollectionDefinition<AgentRow> = {
  name: "agents",
  keyField: "agentId",
  fields: Object.keys(rowEntries),
  parse(stored) {
    const parsed = v.safeParse(agentRowSchema, stored);
    return parsed.success ? parsed.output : null;
  },
  groupsOf: ({ groups }) => groups,
  toWire(row, now) {
    const { callStartedAt, transcription, nextStatus, capacity, contacts, contactCount, listening, today } = row;
    const latest = { callStartedAt, transcription, nextStatus, capacity, contacts, contactCount, listening, today };
    return { ...toAgent(row, shownStatus(row), now), ...latest };
  },
  toPatch(row, fields, now) {
    const patch: Record<string, unknown> = { agentId: row.agentId };
    for (const field of fields) patch[field] = Reflect.get(row, field);
    if (fields.has("status") || fields.has("channel")) patch["status"] = shownStatus(row);
    // Clients of the first release know the start of a call only by its duration.
    if (fields.has("callStartedAt")) patch["duration"] = durationAt(row.callStartedAt, now);
    return patch;
  },
  firstRelease: { valueField: "agent", toLegacyWire: (row, now) => toAgent(row, row.status, now) },
};

/** Returns the status as `hub.v1` viewers get it: only on a voice contact an agent is on a call. */
export function shownStatus({ status, channel }: Pick<AgentRow, "status" | "channel">): AgentStatus {
  return status === "on a call" && channel !== null && channel !== "voice" ? "on a contact" : status;
}

/** Returns the fields of the first release at `now` (epoch ms). */
function toAgent(row: AgentRow, status: AgentStatus, now: number): Agent {
  const { agentId, name, sentimentScore, statusName, since, contactId, channel, queue, routingProfile } = row;
  const { groups, sentiment, categories, stale } = row;
  return {
    agentId,
    name,
    status,
    duration: durationAt(row.callStartedAt, now),
    sentimentScore,
    statusName,
    since,
    contactId,
    channel,
    queue,
    routingProfile,
    groups,
    sentiment,
    categories,
    stale,
  };
}

/** Whole seconds. */
function durationAt(callStartedAt: number | null, now: number): number | null {
  return callStartedAt === null ? null : Math.max(0, Math.floor((now - callStartedAt) / 1000));
}
