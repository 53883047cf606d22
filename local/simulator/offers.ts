import type { AgentWork } from "./agent-work.ts";
import type { CenterContext } from "./center-context.ts";
import { clearingTime, endContact } from "./contact-end.ts";
import type { ContactStart } from "./contact-start.ts";
import type { ContactStage, OfferOutcome, RunningContact } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import type { ConnectChannel } from "./staff.ts";

const MISSED_CHANCE = 0.05;
const FAILED_CHANCE = 0.01;
// Durations are milliseconds at speed 1.
/** Amazon Connect's time limit for an agent to answer. */
const RING_LIMIT_MS = 20_000;
const ANSWERS_WITHIN = [1_200, 4_000] as const;
const CALLBACK_ATTEMPTS = 3;
const REACHED_CHANCE = 0.65;
const DIALLING = [5_000, 20_000] as const;

/** Offers contacts to agents. An agent answers or misses the offer, and dials the number of a callback. */
export class Offers {
  readonly #context: CenterContext;
  readonly #start: ContactStart;
  readonly #work: AgentWork;

  constructor(context: CenterContext, start: ContactStart, work: AgentWork) {
    this.#context = context;
    this.#start = start;
    this.#work = work;
  }

  /** Offers a waiting contact to an agent. */
  offerContact(contact: RunningContact, agent: SimulatedAgent, now: number): void {
    const { facts, stage } = contact;
    if (stage.kind !== "waiting") return;
    const { random, speed } = this.#context;
    const outcome = this.#drawOutcome(facts.channel, now);
    const lengthMs = outcome === "missed" ? RING_LIMIT_MS : random.between(...ANSWERS_WITHIN);
    contact.stage = { kind: "ringing", since: stage.since, agent, until: now + lengthMs / speed, outcome };
    agent.addContact(now, {
      contactId: facts.contactId,
      initialContactId: facts.initialContactId,
      channel: facts.channel,
      initiationMethod: facts.initiationMethod,
      state: facts.initiationMethod === "CALLBACK" ? "INCOMING" : "CONNECTING",
      since: now,
      connectedAt: null,
      queuedAt: stage.since,
      queue: {
        id: facts.queue?.id ?? contact.queue.id,
        name: contact.onlyFor === null ? contact.queue.name : null,
        channels: contact.queue.channels,
      },
    });
  }

  /** The agent answers, or the ringing ends. */
  endOffer(contact: RunningContact, stage: Extract<ContactStage, { kind: "ringing" }>, now: number): void {
    const { random, speed, books } = this.#context;
    const { agent, outcome } = stage;
    const { contactId, channel, initiationMethod } = contact.facts;
    if (outcome !== "answered") {
      const rejects = outcome === "missed" && channel !== "VOICE" && random.chance(0.5);
      const state = rejects ? "REJECTED" : outcome === "missed" ? "MISSED" : "ERROR";
      agent.finishContact(now, contactId, state, clearingTime(this.#context, now), null);
      // A new stay in the queue. Whether Amazon Connect sends a second QUEUED is not known, and the simulation sends none.
      contact.stage = { kind: "waiting", since: now, offerAt: now };
      return;
    }
    books.countContact(contact, "answered");
    if (initiationMethod !== "CALLBACK") {
      this.#work.beginWork(contact, agent, now);
      return;
    }
    contact.facts.agent = { profile: agent.profile, acceptedAt: now, connectedAt: null };
    agent.moveContact(now, contactId, { state: "CONNECTING" });
    const until = now + random.between(...DIALLING) / speed;
    contact.stage = { kind: "dialling", agent, until, reached: random.chance(REACHED_CHANCE) };
  }

  /** The customer of a callback answers or not. */
  endDialling(contact: RunningContact, { agent, reached }: Extract<ContactStage, { kind: "dialling" }>, now: number): void {
    if (reached) {
      this.#work.beginWork(contact, agent, now);
      return;
    }
    this.#context.books.countContact(contact, "unreached");
    if (contact.attempt < CALLBACK_ATTEMPTS) this.#start.beginCallback(contact, now);
    endContact(this.#context, contact, now, "OTHER");
  }

  #drawOutcome(channel: ConnectChannel, now: number): OfferOutcome {
    const { random, calmUntil } = this.#context;
    const chance = now < calmUntil ? 1 : random.next();
    if (chance < MISSED_CHANCE) return "missed";
    return channel === "VOICE" && chance < MISSED_CHANCE + FAILED_CHANCE ? "failed" : "answered";
  }
}
