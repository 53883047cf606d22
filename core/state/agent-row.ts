import * as v from "valibot";
import { type Agent, agentSchema, capacitySchema, transcriptionStatusSchema } from "../../protocol/agent.ts";
import type { CollectionDefinition } from "../board/collection.ts";

const wire = agentSchema.entries;

/**
 * The public fields of an agent, each with what a row has that was written before the field existed. `duration` is left out: it
 * changes by itself and is counted from `callStartedAt` when a frame is made.
 */
const rowEntries = {
  agentId: wire.agentId,
  name: v.fallback(wire.name, ""),
  // A status of a newer version: the status name beside it says more.
  status: v.fallback(wire.status, "away"),
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
} satisfies Record<Exclude<keyof Agent, "duration">, v.GenericSchema>;

const agentRowSchema = v.object(rowEntries);

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
  toWire: ({ callStartedAt, transcription, nextStatus, capacity, ...row }, now) => ({
    ...toAgent({ ...row, callStartedAt, transcription, nextStatus, capacity }, now),
    callStartedAt,
    transcription,
    nextStatus,
    capacity,
  }),
  toPatch(row, fields, now) {
    const patch: Record<string, unknown> = { agentId: row.agentId };
    for (const field of fields) patch[field] = Reflect.get(row, field);
    // Clients of the first release know the start of a call only by its duration.
    if (fields.has("callStartedAt")) patch["duration"] = durationAt(row.callStartedAt, now);
    return patch;
  },
  firstRelease: { valueField: "agent", toLegacyWire: toAgent },
};

/** The agent as the first release sends it at `now` (epoch ms). */
function toAgent(row: AgentRow, now: number): Agent {
  const { callStartedAt, transcription: _, nextStatus: __, capacity: ___, agentId, name, status, ...rest } = row;
  return { agentId, name, status, duration: durationAt(callStartedAt, now), ...rest };
}

/** Whole seconds. */
function durationAt(callStartedAt: number | null, now: number): number | null {
  return callStartedAt === null ? null : Math.max(0, Math.floor((now - callStartedAt) / 1000));
}
