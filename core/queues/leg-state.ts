import type { ContactQueue } from "../../protocol/queue-updates.ts";
import type { QueueLeg, QueueStay } from "./queue-leg.ts";

/** How a contact left a queue, or that it still waits. `unreached`: a callback whose customer did not answer. */
export type StayOutcome = "waiting" | "answered" | "moved" | "callback" | "unreached" | "abandoned";

/** `scheduled`: not due yet. `gone`: the hub gave it up without knowing how it left. `unqueued`: it was in no queue. */
export type LegState = StayOutcome | "scheduled" | "gone" | "unqueued";

/** What one contact adds to the figures of one queue. */
export interface StayFigures {
  readonly queueId: string;
  readonly enqueuedAt: number;
  readonly outcome: StayOutcome;
  /** How long it waited, ms; 0 while it waits and where it is unknown. */
  readonly waitMs: number;
}

/** The queue in which the contact is, or was last; null = it was in none. */
export function currentStay(leg: QueueLeg): QueueStay | null {
  let current: QueueStay | null = null;
  for (const stay of leg.stays) if (current === null || stay.last >= current.last) current = stay;
  return current;
}

/** Derives the state from the registers. The first rule that holds counts. */
export function legState(leg: QueueLeg): LegState {
  const stay = currentStay(leg);
  if (stay === null) return stateWithoutQueue(leg);
  const acceptedAt = after(leg.acceptedAt, stay.last);
  const talkedAt = after(leg.talkedAt, stay.last);
  const connectedAt = after(leg.connectedAt, stay.last);
  const isCallback = leg.method === "callback";
  if (isCallback && leg.endedAt !== null && connectedAt === null && (acceptedAt ?? talkedAt) !== null) return "unreached";
  if (connectedAt !== null || talkedAt !== null || (isCallback && acceptedAt !== null)) return "answered";
  if (leg.moved) return "moved";
  if (leg.endedAt !== null) return leg.callbackId === null ? "abandoned" : "callback";
  return leg.closedAt === null ? "waiting" : "gone";
}

/** Since when the contact waits in its queue. An agent may have had it in between; a missed offer does not count. */
export function enqueuedSince(leg: QueueLeg, stay: QueueStay): number {
  const wasAnswered = leg.connectedAt !== null && leg.connectedAt > stay.first && leg.connectedAt < stay.last;
  return wasAnswered ? stay.last : stay.first;
}

/** The queue for which a callback or a task is scheduled; null = none, or it is not scheduled. */
export function scheduledQueue(leg: QueueLeg): string | null {
  return legState(leg) === "scheduled" ? (leg.namedQueue?.queueId ?? null) : null;
}

/**
 * The queue in which a callback or a task is or was expected; null = none was named. News that comes late may show at once that it has
 * begun, and the queue is in use all the same.
 */
export function expectedQueue(leg: QueueLeg): string | null {
  return isExpected(leg) ? (leg.namedQueue?.queueId ?? null) : null;
}

/** The queue for which an update asks for a callback or a task; null = it asks for none. */
export function askedQueue({ queueId, queueKind, method, scheduledAt }: ContactQueue): string | null {
  return queueKind !== "agent" && isExpected({ method, scheduledAt }) ? queueId : null;
}

/** Whether nothing more is expected of the leg but late news. */
export function isOver(leg: QueueLeg): boolean {
  return leg.endedAt !== null || leg.closedAt !== null || legState(leg) === "moved";
}

/** What the leg adds to the figures of its queues. A queue that it has left for another one has its own share. */
export function stayFigures(leg: QueueLeg): StayFigures[] {
  const current = currentStay(leg);
  if (current === null) return [];
  const state = legState(leg);
  return leg.stays.flatMap((stay) => {
    if (stay.ofAgent || (stay === current && state === "gone")) return [];
    const enqueuedAt = enqueuedSince(leg, stay);
    const outcome = stay === current ? outcomeOf(state) : "moved";
    const leftAt = stay === current ? leftAtOf(leg, stay, outcome) : nextStayAfter(leg, stay);
    return [{ queueId: stay.queueId, enqueuedAt, outcome, waitMs: leftAt === null ? 0 : Math.max(0, leftAt - enqueuedAt) }];
  });
}

function stateWithoutQueue(leg: QueueLeg): LegState {
  const hasBegun = (leg.connectedAt ?? leg.acceptedAt ?? leg.talkedAt ?? leg.endedAt ?? leg.closedAt) !== null;
  return isExpected(leg) && !hasBegun ? "scheduled" : "unqueued";
}

function isExpected({ method, scheduledAt }: Pick<ContactQueue, "method" | "scheduledAt"> | QueueLeg): boolean {
  return method === "callback" || scheduledAt !== null;
}

function outcomeOf(state: LegState): StayOutcome {
  return state === "scheduled" || state === "gone" || state === "unqueued" ? "waiting" : state;
}

function leftAtOf(leg: QueueLeg, stay: QueueStay, outcome: StayOutcome): number | null {
  const acceptedAt = after(leg.acceptedAt, stay.last);
  switch (outcome) {
    case "answered": {
      // A callback leaves its queue when an agent accepts it, before the customer answers.
      const answeredAt = after(leg.connectedAt, stay.last) ?? after(leg.talkedAt, stay.last);
      return leg.method === "callback" ? (acceptedAt ?? answeredAt) : answeredAt;
    }
    case "unreached":
      return acceptedAt ?? after(leg.talkedAt, stay.last);
    case "moved":
      return leg.movedAt ?? leg.endedAt;
    case "callback":
    case "abandoned":
      return leg.endedAt;
    case "waiting":
      return null;
  }
}

/** When the contact was put into its next queue. */
function nextStayAfter(leg: QueueLeg, stay: QueueStay): number | null {
  const later = leg.stays.filter((other) => other !== stay && other.first >= stay.first).map(({ first }) => first);
  return later.length === 0 ? null : Math.min(...later);
}

/** The time, if it is not before `since`. */
function after(at: number | null, since: number): number | null {
  return at !== null && at >= since ? at : null;
}
