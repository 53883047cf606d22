import { describe, expect, test } from "vitest";
import { readAgentEvent } from "../../../aws-ingest/connect/agent-event.ts";
import { readContactEvent } from "../../../aws-ingest/connect/contact-event.ts";
import { type DeliveryConditions, drawDeliveries } from "../../../local/aws/event-bridge-conditions.ts";
import { agentEventRecord } from "../../../local/simulator/agent-event.ts";
import { contactEvent } from "../../../local/simulator/contact-event.ts";
import type { Effect } from "../../../local/simulator/effect.ts";
import type { QueueTruth } from "../../../local/simulator/queue-truth.ts";
import { createRandom } from "../../../local/simulator/random.ts";
import { SimulatedContactCenter } from "../../../local/simulator/simulated-contact-center.ts";
import type { Update } from "../../../protocol/updates.ts";
import { QueueCenter } from "./queue-center.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const OPENING = Date.UTC(2026, 2, 2, 14);
const STEP_MS = 100;
const LATEST_MS = 30_000;
const PUNCTUAL = { lost: 0, repeated: 0, delayMs: [0, 0], late: 0, lateMs: [0, 0] } as const;
const SHUFFLED = { lost: 0, repeated: 0.05, delayMs: [50, 3_000], late: 0.03, lateMs: [5_000, LATEST_MS] } as const;

interface Day {
  hub: QueueCenter;
  truth: QueueTruth;
  /** The mean of the difference between the waiting contacts of a queue on the hub and in truth. */
  meanError: number;
  worstError: number;
}

/** Plays some minutes of the simulated center. The hub gets its events under these conditions. */
function playDay(seed: string, conditions: Omit<DeliveryConditions, "random">, minutes = 4): Day {
  const hub = new QueueCenter({}, OPENING);
  const bus = { ...conditions, random: createRandom(`bus ${seed}`).next };
  const center = new SimulatedContactCenter({ agents: 40, calls: 4, speed: 4, seed }, OPENING);
  const underWay: { at: number; updates: readonly Update[] }[] = [];
  const errors: number[] = [];
  const send = (effects: readonly Effect[], now: number) => {
    for (const effect of effects) {
      if (effect.type === "agent") noteAgent(hub, effect.event);
      if (effect.type !== "contact") continue;
      const { time, ...event } = contactEvent(HOME, effect.contact, effect.eventType, effect.at);
      const read = readContactEvent({ ...event, time: new Date(time ?? now).toISOString() }, HOME.instanceId);
      if (read.outcome !== "read") throw new Error(JSON.stringify(read));
      for (const delay of drawDeliveries(bus)) underWay.push({ at: now + delay, updates: read.value });
    }
  };
  const deliver = (now: number) => {
    hub.now = now;
    const due = underWay.filter(({ at }) => at <= now);
    if (due.length === 0) return;
    underWay.splice(0, underWay.length, ...underWay.filter(({ at }) => at > now));
    hub.post(...due.flatMap(({ updates }) => updates));
  };
  const end = OPENING + minutes * 60_000;
  for (let now = OPENING; now < end; now += STEP_MS) {
    send(center.advance(now), now);
    deliver(now);
    if (now % 1_000 === 0) errors.push(...waitingErrors(hub, center));
  }
  send(center.close(end), end);
  deliver(end + LATEST_MS);
  const sum = errors.reduce((total, error) => total + error, 0);
  return { hub, truth: center.truth, meanError: sum / errors.length, worstError: Math.max(...errors) };
}

function noteAgent(hub: QueueCenter, event: Extract<Effect, { type: "agent" }>["event"]): void {
  const read = readAgentEvent(JSON.parse(JSON.stringify(agentEventRecord(HOME, event))), HOME.instanceId);
  if (read.outcome !== "read") throw new Error(JSON.stringify(read));
  if (read.value.type === "agent.state") hub.noteAgent(read.value.agentId, {}, read.value.contacts);
}

/**
 * A callback that an agent has taken has left its queue. The hub learns it when the customer answers, because the agent's contact only
 * says that it rings. So these contacts count as waiting here.
 */
function waitingErrors(hub: QueueCenter, { truth, staff }: SimulatedContactCenter): number[] {
  const shown = new Map(hub.rows().map(({ queueId, waiting }) => [queueId, waiting]));
  const dialled = staff
    .flatMap(({ snapshot }) => snapshot.contacts)
    .filter(({ initiationMethod, state }) => initiationMethod === "CALLBACK" && state === "CONNECTING");
  return truth.queues().map(({ id }) => {
    const waiting = truth.waitingNow().filter(({ queueId }) => queueId === id).length;
    const real = waiting + dialled.filter(({ queue }) => queue.id === id).length;
    return Math.abs(real - (shown.get(id) ?? 0));
  });
}

/** What the hub counted today, and what happened. A callback without an answer is no figure of the hub's day. */
function sumsOf({ hub, truth }: Day) {
  const shown = hub.rows().map(({ queueId, waiting, today }) => {
    const { queued, answered, abandoned, callbacks } = today;
    return [queueId, { waiting, queued, answered, abandoned, callbacks }] as const;
  });
  const real = [...truth.outcomes()].map(([queueId, { queued, answered, abandoned, callbacks }]) => {
    return [queueId, { waiting: 0, queued, answered, abandoned, callbacks }] as const;
  });
  return { shown: Object.fromEntries(shown), real: Object.fromEntries(real) };
}

describe("A day of the simulated center on the hub", () => {
  test("shows at every second who waits when the events come at once, and ends with the true sums.", () => {
    const day = playDay("punctual", PUNCTUAL);
    expect(day.worstError).toBe(0);
    const { shown, real } = sumsOf(day);
    expect(shown).toEqual(real);
  });

  test("ends with the true sums when the events are repeated, late and shuffled.", () => {
    for (const seed of ["a", "b"]) {
      const day = playDay(seed, SHUFFLED);
      const { shown, real } = sumsOf(day);
      expect(shown).toEqual(real);
      expect(day.meanError).toBeLessThan(1);
    }
  });
});
