import * as v from "valibot";
import { type CenterQueue, queueDaySchema, queueSchema } from "../../protocol/queue.ts";
import type { CollectionDefinition } from "../board/collection.ts";
import { SERVICE_LEVEL_FORMULAS } from "./queue-day.ts";

const wire = queueSchema.entries;

const NO_DAY = {
  queued: 0,
  answered: 0,
  abandoned: 0,
  callbacks: 0,
  withinTarget: 0,
  serviceLevel: null,
  averageAnswerMs: null,
  longestWaitMs: null,
};

/** The public fields of a queue, each with what a row has that was written before the field existed. */
const rowEntries = {
  queueId: wire.queueId,
  name: v.fallback(wire.name, ""),
  waiting: v.fallback(wire.waiting, 0),
  ringing: v.fallback(wire.ringing, 0),
  scheduled: v.fallback(wire.scheduled, 0),
  oldestSince: v.fallback(wire.oldestSince, null),
  estimatedWaitMs: v.fallback(wire.estimatedWaitMs, null),
  staffed: v.fallback(wire.staffed, null),
  available: v.fallback(wire.available, null),
  silent: v.fallback(wire.silent, null),
  channels: v.fallback(wire.channels, {}),
  serviceLevelSeconds: v.fallback(wire.serviceLevelSeconds, 20),
  serviceLevelFormula: v.fallback(v.picklist(SERVICE_LEVEL_FORMULAS), "removed"),
  profiles: v.fallback(wire.profiles, []),
  today: v.fallback(queueDaySchema, NO_DAY),
} satisfies Record<keyof CenterQueue, v.GenericSchema>;

/** `groups` decides who may see the queue. Nobody is sent it. */
const queueRowSchema = v.object({ ...rowEntries, groups: v.fallback(v.array(v.string()), []) });

/** One queue on the board. */
export type QueueRow = v.InferOutput<typeof queueRowSchema>;

/** The collection of queues. A viewer with a group filter sees the queues that an agent of its groups serves, with their whole figures. */
export const QUEUES: CollectionDefinition<QueueRow> = {
  name: "queues",
  keyField: "queueId",
  fields: Object.keys(queueRowSchema.entries),
  parse(stored) {
    const parsed = v.safeParse(queueRowSchema, stored);
    return parsed.success ? parsed.output : null;
  },
  groupsOf: ({ groups }) => groups,
  toWire: ({ groups: _, ...queue }) => queue,
  toPatch(row, fields) {
    const patch: Record<string, unknown> = { queueId: row.queueId };
    for (const field of fields) if (field !== "groups") patch[field] = Reflect.get(row, field);
    return patch;
  },
  firstRelease: null,
};
