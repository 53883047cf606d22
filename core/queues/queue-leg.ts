import * as v from "valibot";
import { channelSchema } from "../../protocol/agent.ts";
import type { ContactQueue } from "../../protocol/queue-updates.ts";

/** A contact moves between queues a few times. A leg keeps the newest stays, so that no sender makes a row grow for ever. */
const MAX_STAYS = 16;

const time = v.fallback(v.nullable(v.number()), null);
const text = v.fallback(v.nullable(v.string()), null);

const staySchema = v.object({
  queueId: v.string(),
  /** The first and the last time at which the contact was put into this queue. A missed offer puts it in again. */
  first: v.number(),
  last: v.number(),
  /** The queue of one agent. It is in no list of queues. */
  ofAgent: v.fallback(v.boolean(), false),
});
/** One contact in one queue. */
export type QueueStay = v.InferOutput<typeof staySchema>;

/**
 * The hub's knowledge of one contact in its queues, in registers. Each is merged by its greatest value (`first` by the smallest),
 * so every order of the news and every repetition ends alike. Each field has a default for older stored rows.
 */
export const queueLegSchema = v.object({
  contactId: v.string(),
  initialContactId: text,
  /** The contact that this one follows. */
  previousContactId: text,
  /** null = only its successor is known so far. */
  channel: v.fallback(v.nullable(channelSchema), null),
  method: text,
  /** Sorted by `queueId`. */
  stays: v.fallback(v.array(staySchema), []),
  /** The queue of a contact that was never enqueued, such as a scheduled callback. */
  namedQueue: v.fallback(v.nullable(v.object({ queueId: v.string(), at: v.number() })), null),
  acceptedAt: time,
  connectedAt: time,
  /** Since when an agent's own news shows the agent in talk on the contact. */
  talkedAt: time,
  endedAt: time,
  scheduledAt: time,
  agent: v.fallback(v.nullable(v.object({ agentId: v.string(), at: v.number() })), null),
  paused: v.fallback(v.nullable(v.object({ value: v.boolean(), at: v.number() })), null),
  /** Whether the contact went on as another one in another queue, and since when; null = that one is in no queue yet. */
  moved: v.fallback(v.boolean(), false),
  movedAt: time,
  /** The callback that the customer asked for. */
  callbackId: text,
  /** When the newest news arrived, on the hub's clock. */
  receivedAt: v.fallback(v.number(), 0),
  /** When the first of a row of snapshots was taken that contradict that the contact waits. */
  contradictedAt: time,
  /** When the hub gave the contact up, on its own clock. Later news opens it again. */
  closedAt: time,
  /** When the hub learned that the leg is over, on its own clock. */
  overAt: time,
});
export type QueueLeg = Readonly<v.InferOutput<typeof queueLegSchema>>;

export function newLeg(contactId: string): QueueLeg {
  return v.parse(queueLegSchema, { contactId });
}

/** Returns the new leg, or null when the update says nothing new. The update's times are facts of the contact, and `now` is the hub's clock. */
export function foldContactQueue(leg: QueueLeg, update: ContactQueue, now: number): QueueLeg | null {
  const connected = update.connectedAt;
  const folded: QueueLeg = {
    ...leg,
    initialContactId: greater(leg.initialContactId, update.initialContactId),
    previousContactId: greater(leg.previousContactId, update.previousContactId),
    channel: greater(leg.channel, update.channel),
    method: greater(leg.method, update.method),
    stays: staysWith(leg.stays, update),
    namedQueue: namedQueueWith(leg.namedQueue, update),
    acceptedAt: greater(leg.acceptedAt, update.acceptedAt),
    connectedAt: greater(leg.connectedAt, connected),
    endedAt: greater(leg.endedAt, update.endedAt),
    scheduledAt: greater(leg.scheduledAt, update.scheduledAt),
    agent: agentWith(leg.agent, update),
    paused: pausedWith(leg.paused, update),
  };
  return withNews(leg, folded, now);
}

/** Notes that an agent talks (or talked) on the contact, by the agent's own news. Returns null when that is nothing new. */
export function foldTalk(leg: QueueLeg, talkedAt: number, now: number): QueueLeg | null {
  return withNews(leg, { ...leg, talkedAt: greater(leg.talkedAt, talkedAt) }, now);
}

/** Notes the contact that followed this one as another leg. Returns null when that is nothing new. */
export function foldSuccessor(leg: QueueLeg, next: QueueLeg, now: number): QueueLeg | null {
  if (next.method === "callback") return withNews(leg, { ...leg, callbackId: greater(leg.callbackId, next.contactId) }, now);
  if (next.method !== "queue_transfer") return null;
  const enqueuedAt = next.stays.length === 0 ? null : Math.min(...next.stays.map(({ first }) => first));
  const movedAt = leg.movedAt === null || enqueuedAt === null ? (leg.movedAt ?? enqueuedAt) : Math.min(leg.movedAt, enqueuedAt);
  return withNews(leg, { ...leg, moved: true, movedAt }, now);
}

/** Gives a callback without a queue of its own the queue in which it was asked for. Returns null when that is nothing new. */
export function foldOrigin(leg: QueueLeg, queueId: string): QueueLeg | null {
  if (leg.namedQueue !== null && (leg.namedQueue.at > 0 || leg.namedQueue.queueId >= queueId)) return null;
  return { ...leg, namedQueue: { queueId, at: 0 } };
}

/** Reads a stored leg. null = it is unreadable. */
export function parseLeg(stored: unknown): QueueLeg | null {
  const parsed = v.safeParse(queueLegSchema, stored);
  return parsed.success ? parsed.output : null;
}

/** News opens a leg that the hub had given up, and takes back that snapshots contradict it. */
function withNews(before: QueueLeg, folded: QueueLeg, now: number): QueueLeg | null {
  if (JSON.stringify(before) === JSON.stringify(folded)) return null;
  return { ...folded, receivedAt: now, contradictedAt: null, closedAt: null };
}

function greater<Value extends number | string>(known: Value | null, next: Value | null): Value | null {
  return known === null || (next !== null && next > known) ? next : known;
}

function staysWith(stays: readonly QueueStay[], update: ContactQueue): QueueStay[] {
  const { queueId, enqueuedAt, queueKind } = update;
  if (queueId === null || enqueuedAt === null) return [...stays];
  const known = stays.find((stay) => stay.queueId === queueId);
  const stay = {
    queueId,
    first: Math.min(known?.first ?? enqueuedAt, enqueuedAt),
    last: Math.max(known?.last ?? enqueuedAt, enqueuedAt),
    ofAgent: known?.ofAgent === true || queueKind === "agent",
  };
  const all = [...stays.filter((other) => other !== known), stay];
  const newest = all.sort((a, b) => b.last - a.last || (a.queueId < b.queueId ? 1 : -1)).slice(0, MAX_STAYS);
  return newest.sort((a, b) => (a.queueId < b.queueId ? -1 : 1));
}

function namedQueueWith(known: QueueLeg["namedQueue"], update: ContactQueue): QueueLeg["namedQueue"] {
  const { queueId, occurredAt: at } = update;
  if (queueId === null || update.queueKind === "agent") return known;
  const isNewer = known === null || at > known.at || (at === known.at && queueId > known.queueId);
  return isNewer ? { queueId, at } : known;
}

/** The agent belongs to the time at which agent and customer were joined, else to that of the accept. */
function agentWith(known: QueueLeg["agent"], update: ContactQueue): QueueLeg["agent"] {
  const { agentId } = update;
  const at = update.connectedAt ?? update.acceptedAt;
  if (agentId === null || at === null) return known;
  const isNewer = known === null || at > known.at || (at === known.at && agentId > known.agentId);
  return isNewer ? { agentId, at } : known;
}

/** At the same time, a paused task wins. */
function pausedWith(known: QueueLeg["paused"], update: ContactQueue): QueueLeg["paused"] {
  if (update.paused === null) return known;
  const isNewer = known === null || update.occurredAt > known.at || (update.occurredAt === known.at && update.paused);
  return isNewer ? { value: update.paused, at: update.occurredAt } : known;
}
