import type { CenterQueue, QueuePatch, QueueQuarter, WaitingContact } from "../../../protocol/queue.ts";
import { fakeQueue } from "../../client/testing.ts";

const QUARTER_MS = 15 * 60_000;

/** Queued, answered, abandoned and within the target, today. */
type Day = readonly [queued: number, answered: number, abandoned: number, within: number];

function queue({ day, ...fields }: QueuePatch & { day: Day }): CenterQueue {
  const [queued, answered, abandoned, withinTarget] = day;
  const today = {
    queued,
    answered,
    abandoned,
    callbacks: Math.round(queued / 50),
    withinTarget,
    serviceLevel: queued === 0 ? null : withinTarget / queued,
    averageAnswerMs: 21_400,
    longestWaitMs: 312_000,
  };
  return fakeQueue({ profiles: ["Perfil básico"], ...fields, today });
}

/** The queues of the invented center. One is in trouble, one is late, one is calm, and one has chats. */
export function sampleQueues(now: number): CenterQueue[] {
  const ago = (seconds: number) => now - seconds * 1000;
  return [
    queue({
      queueId: "q-ventas",
      name: "Ventas",
      staffed: 9,
      available: 3,
      silent: 1,
      profiles: ["Ventas ES", "Perfil básico"],
      day: [142, 139, 1, 132],
    }),
    queue({
      queueId: "q-cobranza",
      name: "Cobranza",
      waiting: 6,
      ringing: 1,
      scheduled: 1,
      oldestSince: ago(192),
      estimatedWaitMs: 240_000,
      staffed: 5,
      available: 0,
      silent: 0,
      channels: { voice: 6 },
      day: [131, 116, 9, 80],
    }),
    queue({
      queueId: "q-soporte",
      name: "Soporte N1",
      waiting: 2,
      oldestSince: ago(48),
      staffed: 6,
      available: 1,
      silent: 0,
      channels: { voice: 2 },
      day: [98, 92, 4, 77],
    }),
    queue({
      queueId: "q-chat",
      name: "Chat web",
      waiting: 1,
      oldestSince: ago(9),
      staffed: 4,
      available: 2,
      silent: 0,
      channels: { chat: 1 },
      profiles: ["Chat"],
      serviceLevelSeconds: 60,
      day: [41, 39, 0, 36],
    }),
  ];
}

/** Who waits in the queue in trouble. */
export function sampleWaiting(now: number): WaitingContact[] {
  return [192, 150, 121, 64, 30, 4].map((seconds, index) => ({
    contactId: `waiting-${index}`,
    channel: "voice",
    since: now - seconds * 1000,
    ringingAt: index === 0 ? "agent-11" : null,
    callback: index === 2,
  }));
}

/** The last hours of the queue in trouble. In one quarter nobody called. */
export function sampleQuarters(now: number): QueueQuarter[] {
  const last = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  return [6, 9, 12, 8, 0, 11, 15, 19, 14, 9, 12, 16].flatMap((queued, index) => {
    const abandoned = index > 5 ? Math.round(queued / 8) : 0;
    const from = last - (11 - index) * QUARTER_MS;
    const quarter = { from, queued, answered: queued - abandoned, abandoned, callbacks: 0, withinTarget: queued - 2 * abandoned };
    return queued === 0 ? [] : [quarter];
  });
}
