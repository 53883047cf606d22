import type { Channel } from "../../../protocol/agent.ts";
import type { CenterAlert, Severity } from "../../../protocol/alert.ts";
import type { CenterQueue } from "../../../protocol/queue.ts";
import type { AgentView } from "../../client/contract.ts";

/** How urgent a queue is now. */
export type QueueLevel = "calm" | Severity;

/**
 * The severity of the queue's alert. Without an alert: a warning when somebody has waited longer than the target, and critical
 * when moreover nobody could answer. A bad service level of the day alone is no reason, because nothing can be done about it now.
 * @param now epoch milliseconds on the hub's clock.
 * @param freePlaces for chats: an agent who has a chat is not available, but may take another one.
 */
export function queueLevel(queue: CenterQueue, severity: Severity | undefined, now: number, freePlaces: number): QueueLevel {
  if (severity !== undefined) return severity;
  if (queue.oldestSince === null || now - queue.oldestSince <= queue.serviceLevelSeconds * 1000) return "calm";
  const takesChat = freePlaces > 0 && (queue.channels.chat ?? 0) > 0;
  return queue.available === 0 && !takesChat ? "critical" : "warning";
}

/** Returns the graver severity of the firing alerts of each queue that has one. */
export function severityByQueue(alerts: readonly CenterAlert[]): ReadonlyMap<string, Severity> {
  const found = new Map<string, Severity>();
  for (const { subject, severity, state } of alerts) {
    if (state !== "firing" || subject === "hub" || !("queueId" in subject)) continue;
    if (found.get(subject.queueId) !== "critical") found.set(subject.queueId, severity);
  }
  return found;
}

/** The figures of all queues together. */
export interface QueueSums {
  queues: number;
  waiting: number;
  ringing: number;
  scheduled: number;
  /** Since when the contact waits that has waited longest, epoch ms; null = nobody waits. */
  oldestSince: number | null;
  queued: number;
  answered: number;
  abandoned: number;
  callbacks: number;
  /** 0 to 1, over the contacts of all queues; null = nobody was queued. */
  serviceLevel: number | null;
}

/** Adds up the queues. Agents are left out, because one agent serves several queues. */
export function queueSums(queues: readonly CenterQueue[]): QueueSums {
  const sums: QueueSums = {
    queues: queues.length,
    waiting: 0,
    ringing: 0,
    scheduled: 0,
    oldestSince: null,
    queued: 0,
    answered: 0,
    abandoned: 0,
    callbacks: 0,
    serviceLevel: null,
  };
  let within = 0;
  let counted = 0;
  for (const { waiting, ringing, scheduled, oldestSince, today } of queues) {
    sums.waiting += waiting;
    sums.ringing += ringing;
    sums.scheduled += scheduled;
    if (oldestSince !== null) sums.oldestSince = Math.min(oldestSince, sums.oldestSince ?? oldestSince);
    sums.queued += today.queued;
    sums.answered += today.answered;
    sums.abandoned += today.abandoned;
    sums.callbacks += today.callbacks;
    if (!today.serviceLevel) {
      // A level of 0 says nothing about how many contacts it is a share of, but as many as were answered or have left at least.
      if (today.serviceLevel === 0) counted += today.answered + today.abandoned;
      continue;
    }
    within += today.withinTarget;
    counted += today.withinTarget / today.serviceLevel;
  }
  if (counted > 0) sums.serviceLevel = Math.min(1, within / counted);
  return sums;
}

/** Names of the routing profiles that serve a queue, by the queue's name. */
export type ProfilesByQueue = ReadonlyMap<string, readonly string[]>;

export function profilesByQueue(queues: readonly CenterQueue[]): ProfilesByQueue {
  return new Map(queues.map(({ name, profiles }) => [name, profiles]));
}

/** Whether the agent's routing profile serves the queue, or one of the agent's contacts is of the queue. */
export function worksFor(agent: AgentView, queueName: string, profiles: readonly string[] | undefined): boolean {
  if (agent.queue === queueName || agent.contacts?.some(({ queue }) => queue === queueName)) return true;
  return agent.routingProfile !== null && profiles?.includes(agent.routingProfile) === true;
}

/** Free and all places for contacts of one channel. */
export interface Places {
  free: number;
  max: number;
}

/**
 * Adds up the places for `channel` of the signed-in agents by routing profile. An agent who is in a custom status, or of whom
 * nothing has been heard for too long, has no free place.
 */
export function placesByProfile(agents: readonly AgentView[], channel: Channel): ReadonlyMap<string, Places> {
  const found = new Map<string, Places>();
  for (const { status, stale, routingProfile, capacity } of agents) {
    const places = capacity?.find((other) => other.channel === channel);
    if (places === undefined || routingProfile === null || status === "offline") continue;
    const sum = found.get(routingProfile) ?? { free: 0, max: 0 };
    const closed = stale || status === "away" || status === "error" || status === "missed";
    sum.free += closed ? 0 : Math.max(0, places.max - places.used);
    sum.max += places.max;
    found.set(routingProfile, sum);
  }
  return found;
}

export function placesOf(profiles: readonly string[], byProfile: ReadonlyMap<string, Places>): Places {
  const sum: Places = { free: 0, max: 0 };
  for (const profile of profiles) {
    const places = byProfile.get(profile);
    sum.free += places?.free ?? 0;
    sum.max += places?.max ?? 0;
  }
  return sum;
}

/** Returns the names of the queues in which chats wait or are handled now. */
export function chatQueues(queues: readonly CenterQueue[], agents: readonly AgentView[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name, channels } of queues) if ((channels.chat ?? 0) > 0) found.add(name);
  for (const { contacts = [] } of agents) {
    for (const { channel, queue } of contacts) if (channel === "chat" && queue !== null) found.add(queue);
  }
  return found;
}

/**
 * Returns the queues that one of the agents works for, and those of which no routing profile is known. They are the queues of
 * some teams when `agents` are those of the teams.
 */
export function queuesOf(queues: readonly CenterQueue[], agents: readonly AgentView[]): readonly CenterQueue[] {
  const profiles = new Set<string>();
  const names = new Set<string>();
  for (const { routingProfile, queue, contacts = [] } of agents) {
    if (routingProfile !== null) profiles.add(routingProfile);
    if (queue !== null) names.add(queue);
    for (const contact of contacts) if (contact.queue !== null) names.add(contact.queue);
  }
  return queues.filter(
    (queue) => queue.profiles.length === 0 || names.has(queue.name) || queue.profiles.some((profile) => profiles.has(profile)),
  );
}
