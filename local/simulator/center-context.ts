import type { ContactEventType, SimulatedContact } from "./contact-event.ts";
import type { Effect } from "./effect.ts";
import type { QueueBooks } from "./queue-truth.ts";
import type { RandomSource } from "./random.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";

/** The parts of a center that all its contacts share. */
export interface CenterContext {
  random: RandomSource;
  /** Divides the durations. */
  speed: number;
  agents: readonly SimulatedAgent[];
  books: QueueBooks;
  /** Before this time no agent misses a contact, epoch ms. */
  calmUntil: number;
  publish(effect: Effect): void;
}

/** Publishes what Amazon Connect knows of a contact now. */
export function publishContact(context: CenterContext, facts: SimulatedContact, eventType: ContactEventType, at: number): void {
  // A copy, because the contact goes on before anybody reads the event.
  const { queue, agent, afterWork } = facts;
  const contact = {
    ...facts,
    queue: queue && { ...queue },
    agent: agent && { ...agent },
    afterWork: afterWork && { ...afterWork },
  };
  context.publish({ type: "contact", eventType, contact, at });
}
