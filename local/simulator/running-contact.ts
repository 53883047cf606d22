import type { Call } from "./call.ts";
import type { CallPlan } from "./call-plan.ts";
import type { RunningChat } from "./chat.ts";
import type { SimulatedContact } from "./contact-event.ts";
import type { ContactPlan } from "./contact-plan.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import type { Queue } from "./staff.ts";

/** One contact from its beginning to its end. A transfer, a callback and a move to another queue are contacts of their own. */
export interface RunningContact {
  /** What Amazon Connect knows. */
  facts: SimulatedContact;
  queue: Queue;
  /** The only agent who may take the contact. null = every agent of the queue. */
  onlyFor: SimulatedAgent | null;
  plan: ContactPlan;
  /** The transcribed call. null = the contact has no audio. */
  call: Call | null;
  /** null = it is no chat. */
  chat: RunningChat | null;
  /** How many callbacks came before this one. */
  attempt: number;
  stage: ContactStage;
}

export type ContactStage =
  /** In the flow, before the queue. */
  | { kind: "entering"; queueAt: number }
  /** A callback that is not due yet. */
  | { kind: "scheduled"; queueAt: number }
  /** `since` is the beginning of this stay: a contact that an agent did not take starts a new one. */
  | { kind: "waiting"; since: number; offerAt: number }
  | { kind: "ringing"; since: number; agent: SimulatedAgent; until: number; outcome: OfferOutcome }
  /** An agent has taken a callback, and the customer's telephone rings. */
  | { kind: "dialling"; agent: SimulatedAgent; until: number; reached: boolean }
  | WorkStage
  /** The agent asks a colleague before a warm transfer. The customer is on hold. */
  | { kind: "consulting"; agent: SimulatedAgent; consult: RunningContact; until: number }
  | { kind: "over" };

export interface WorkStage {
  kind: "working";
  agent: SimulatedAgent;
  since: number;
  /** The end of the work, epoch ms. */
  until: number;
  /** The plan of a transcribed call. */
  talk: CallPlan | null;
  /** Whether the call is on hold or the task is paused. */
  onHold: boolean;
}

export type OfferOutcome = "answered" | "missed" | "failed";

/** Whether the contact is in its queue. One that rings at an agent still is. */
export function isWaiting({ stage }: RunningContact): boolean {
  return stage.kind === "waiting" || stage.kind === "ringing";
}
