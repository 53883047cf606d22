import type { Hold } from "./call-plan.ts";
import type { RandomSource } from "./random.ts";
import type { ConnectChannel } from "./staff.ts";

/** What a customer and an agent will do with a contact. All durations are milliseconds of real time. */
export interface ContactPlan {
  /** The time in the flow (voice menu, bot) before the contact enters its queue. */
  entryMs: number;
  /** The shortest time in the queue before the first offer. */
  offerMs: number;
  /** The customer leaves after this time in the queue. Infinity = never. */
  patienceMs: number;
  /** What the flow of the queue does with a contact that waits so long. null = nothing. */
  whileWaiting: { kind: "callback" | "move"; afterMs: number } | null;
  /** How long the agent works on the contact, with the times on hold. */
  workMs: number;
  /** The times on hold of a call, and of a task the times in which it is paused. At most one. */
  holds: readonly Hold[];
  /** How the agent hands the contact over at the end of the work. null = the contact ends. */
  transfer: TransferKind | null;
  afterWorkMs: number;
}

/** `cold` and `warm` lead to another queue, warm after a talk of the two agents. `agent` leads to the queue of one agent. */
export type TransferKind = "cold" | "warm" | "agent";

interface Durations {
  entry: Range;
  work: Range;
  afterWork: Range;
  /** Mean of the time that a customer waits before leaving. null = the contact waits as long as it takes. */
  patience: number | null;
}
type Range = readonly [min: number, max: number];

// Durations are milliseconds at speed 1.
const DURATIONS: Readonly<Record<ConnectChannel, Durations>> = {
  VOICE: { entry: [800, 3_500], work: [35_000, 150_000], afterWork: [4_000, 25_000], patience: 75_000 },
  CHAT: { entry: [7_000, 9_000], work: [90_000, 240_000], afterWork: [3_000, 12_000], patience: 120_000 },
  TASK: { entry: [1_500, 3_000], work: [40_000, 160_000], afterWork: [1_000, 4_000], patience: null },
  EMAIL: { entry: [1_500, 3_000], work: [60_000, 200_000], afterWork: [1_000, 5_000], patience: null },
};
const OFFER: Range = [300, 1_500];
/** The shortest patience of a customer who does not leave at once. */
const LEAST_PATIENCE_MS = 12_000;
/** Some customers notice at once that they dialled the wrong number. */
const LEAVES_AT_ONCE_CHANCE = 0.05;
const LEAVES_AT_ONCE: Range = [800, 4_800];
const CALLBACK_CHANCE = 0.22;
const CALLBACK_OFFER: Range = [10_000, 35_000];
const MOVE_CHANCE = 0.1;
const MOVE_AFTER: Range = [25_000, 60_000];
const TRANSFER_CHANCE = 0.12;
const HOLD_CHANCE = 0.3;
const HOLD: Range = [6_000, 25_000];
const PAUSE_CHANCE = 0.35;

/** Draws the plan of a contact that enters the flow. */
export function planContact(random: RandomSource, channel: ConnectChannel, speed: number): ContactPlan {
  const { entry, work, afterWork, patience } = DURATIONS[channel];
  const draw = ([min, max]: Range) => Math.round(random.between(min, max) / speed);
  const workMs = draw(work);
  return {
    entryMs: draw(entry),
    offerMs: draw(OFFER),
    patienceMs: patience === null ? Number.POSITIVE_INFINITY : drawPatience(random, patience) / speed,
    whileWaiting: drawWhileWaiting(random, channel, draw),
    workMs,
    holds: drawHolds(random, channel, workMs, draw(HOLD)),
    transfer: drawTransfer(random, channel),
    afterWorkMs: draw(afterWork),
  };
}

function drawPatience(random: RandomSource, meanMs: number): number {
  if (random.chance(LEAVES_AT_ONCE_CHANCE)) return random.between(...LEAVES_AT_ONCE);
  return LEAST_PATIENCE_MS - Math.log(1 - random.next()) * (meanMs - LEAST_PATIENCE_MS);
}

function drawWhileWaiting(
  random: RandomSource,
  channel: ConnectChannel,
  draw: (range: Range) => number,
): ContactPlan["whileWaiting"] {
  const chance = random.next();
  if (channel === "VOICE" && chance < CALLBACK_CHANCE) return { kind: "callback", afterMs: draw(CALLBACK_OFFER) };
  const mayMove = channel === "VOICE" || channel === "CHAT";
  return mayMove && chance < CALLBACK_CHANCE + MOVE_CHANCE ? { kind: "move", afterMs: draw(MOVE_AFTER) } : null;
}

function drawHolds(random: RandomSource, channel: ConnectChannel, workMs: number, lengthMs: number): Hold[] {
  const chance = channel === "VOICE" ? HOLD_CHANCE : channel === "TASK" ? PAUSE_CHANCE : 0;
  if (!random.chance(chance)) return [];
  const beginMs = Math.round(workMs * random.between(0.2, 0.5));
  return [{ beginMs, endMs: Math.min(beginMs + lengthMs, Math.round(workMs * 0.8)) }];
}

function drawTransfer(random: RandomSource, channel: ConnectChannel): TransferKind | null {
  if (channel === "TASK" || channel === "EMAIL" || !random.chance(TRANSFER_CHANCE)) return null;
  return channel === "CHAT" ? "cold" : random.pick(["cold", "warm", "agent"]);
}
