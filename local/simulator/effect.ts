import type { AgentEvent } from "./agent-event.ts";
import type { Call } from "./call.ts";
import type { CallPlan } from "./call-plan.ts";
import type { ChatMessage } from "./chat.ts";
import type { ContactEventType, SimulatedContact } from "./contact-event.ts";

/** An event in the contact center for the simulator to act on. Times are epoch ms. */
export type Effect =
  | { type: "agent"; event: AgentEvent }
  /** Something happened to a contact. `contact` is a copy of that moment. */
  | { type: "contact"; eventType: ContactEventType; contact: SimulatedContact; at: number }
  /** A call whose audio streams. */
  | { type: "call-begins"; call: Call; at: number }
  | { type: "call-connected"; contactId: string; at: number; plan: CallPlan }
  | { type: "call-ends"; contactId: string; at: number }
  | { type: "chat-begins"; contactId: string; language: "es" | "en"; at: number }
  | { type: "chat-message"; contactId: string; message: ChatMessage; at: number }
  | { type: "chat-ends"; contactId: string; at: number };
