import type { SentimentArc } from "../phrases/call-script.ts";
import { type CallPlan, planCall } from "./call-plan.ts";
import type { RandomSource } from "./random.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import type { AgentProfile, Queue } from "./staff.ts";

/** One customer's call from the contact flow to its end. */
export interface Call {
  contactId: string;
  kind: "webrtc" | "pstn";
  languageCode: string;
  customerNumber: string | null;
  /** Whether the flow asks for a recording. */
  recorded: boolean;
  queue: Queue;
  queuedAt: number;
  /** The course of the customer's sentiment. */
  arc: SentimentArc;
  /** Who answered, and when; null before. It outlives the call, because the event of the end repeats it. */
  answer: { agent: AgentProfile; at: number } | null;
  stage: CallStage;
}

export type CallStage =
  | { kind: "queued"; offerAt: number }
  | { kind: "ringing"; agent: SimulatedAgent; until: number; outcome: "answered" | "missed" | "failed" }
  | { kind: "talking"; agent: SimulatedAgent; connectedAt: number; plan: CallPlan; onHold: boolean }
  | { kind: "over" };

// Durations are milliseconds at speed 1.
const WEBRTC_CHANCE = 0.35;
const MISSED_CHANCE = 0.05;
const FAILED_CHANCE = 0.01;
/** Amazon Connect's time limit for an agent to answer. */
const RING_LIMIT_MS = 20_000;
const RECORDED_CHANCE = 0.25;
/** es-ES is not a language of Call Analytics. The demo's LANGUAGE_MAP sends it to standard streaming and Comprehend. */
const LANGUAGES: readonly [string, ...string[]] = ["es-MX", "es-MX", "es-MX", "es-US", "es-ES", "en-US"];

export function newCall(now: number, queue: Queue, arc: SentimentArc, speed: number, random: RandomSource): Call {
  const kind = random.chance(WEBRTC_CHANCE) ? "webrtc" : "pstn";
  return {
    contactId: random.uuid(),
    kind,
    languageCode: random.pick(LANGUAGES),
    recorded: random.chance(RECORDED_CHANCE),
    // These numbers are reserved for fiction.
    customerNumber: kind === "pstn" ? `+1555555${String(Math.floor(random.between(100, 200))).padStart(4, "0")}` : null,
    queue,
    queuedAt: now,
    arc,
    answer: null,
    stage: { kind: "queued", offerAt: now + random.between(1_500, 5_000) / speed },
  };
}

/** Offers the call to `agent`. With `calm` the agent always answers. */
export function ringAgent(
  call: Call,
  agent: SimulatedAgent,
  now: number,
  speed: number,
  calm: boolean,
  random: RandomSource,
): void {
  const chance = calm ? 1 : random.next();
  const outcome = chance < MISSED_CHANCE ? "missed" : chance < MISSED_CHANCE + FAILED_CHANCE ? "failed" : "answered";
  const length = outcome === "missed" ? RING_LIMIT_MS : random.between(1_200, 4_000);
  call.stage = { kind: "ringing", agent, until: now + length / speed, outcome };
  agent.showContact(now, {
    contactId: call.contactId,
    initiationMethod: call.kind === "webrtc" ? "WEBRTC_API" : "INBOUND",
    state: "CONNECTING",
    since: now,
    connectedAt: null,
    queuedAt: call.queuedAt,
    queue: call.queue,
  });
}

/** Connects the call to `agent` and returns the plan of the conversation. */
export function answerCall(call: Call, agent: SimulatedAgent, now: number, speed: number, random: RandomSource): CallPlan {
  const language = call.languageCode.startsWith("es") ? "es" : "en";
  const plan = planCall(random, { language, topic: call.queue.topic, arc: call.arc, speed });
  call.answer = { agent: agent.profile, at: now };
  call.stage = { kind: "talking", agent, connectedAt: now, plan, onHold: false };
  agent.moveContact(now, { state: "CONNECTED", connectedAt: now });
  return plan;
}

/** Puts the customer on hold and back as the plan says. Returns true when the conversation is over. */
export function updateHold(stage: Extract<CallStage, { kind: "talking" }>, now: number): boolean {
  const talked = now - stage.connectedAt;
  if (talked >= stage.plan.durationMs) return true;
  const onHold = stage.plan.holds.some((hold) => talked >= hold.beginMs && talked < hold.endMs);
  if (onHold !== stage.onHold) {
    stage.onHold = onHold;
    stage.agent.moveContact(now, { state: onHold ? "CONNECTED_ONHOLD" : "CONNECTED" });
  }
  return false;
}
