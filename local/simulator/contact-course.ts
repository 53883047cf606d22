import { AgentWork } from "./agent-work.ts";
import { type CenterContext, publishContact } from "./center-context.ts";
import { abandonContact, endContact } from "./contact-end.ts";
import type { ContactStart } from "./contact-start.ts";
import { Offers } from "./offers.ts";
import type { ContactStage, RunningContact } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import type { ConnectChannel } from "./staff.ts";

/** Chats, tasks and e-mails are connected to the system after this time. Milliseconds at speed 1. */
const CONNECTS_TO_SYSTEM_MS = 1_200;
const SYSTEM_CHANNELS: ReadonlySet<ConnectChannel> = new Set(["CHAT", "TASK", "EMAIL"]);

/** Moves contacts from the flow through queues and agents to their end. */
export class ContactCourse {
  readonly #context: CenterContext;
  readonly #start: ContactStart;
  readonly #work: AgentWork;
  readonly #offers: Offers;

  constructor(context: CenterContext, start: ContactStart) {
    this.#context = context;
    this.#start = start;
    this.#work = new AgentWork(context, start);
    this.#offers = new Offers(context, start, this.#work);
  }

  /** Does what is due. */
  advanceContact(contact: RunningContact, now: number): void {
    const { stage } = contact;
    switch (stage.kind) {
      case "entering":
      case "scheduled":
        this.#advanceEntry(contact, stage, now);
        return;
      case "waiting":
        this.#advanceWait(contact, now);
        return;
      case "ringing":
        if (waitedMs(contact, now) >= contact.plan.patienceMs) abandonContact(this.#context, contact, now);
        else if (now >= stage.until) this.#offers.endOffer(contact, stage, now);
        return;
      case "dialling":
        if (now >= stage.until) this.#offers.endDialling(contact, stage, now);
        return;
      case "working":
        this.#work.advanceWork(contact, stage, now);
        return;
      case "consulting":
        this.#work.advanceConsult(contact, stage, now);
        return;
      case "over":
        return;
    }
  }

  /** Offers a waiting contact to an agent. */
  offerContact(contact: RunningContact, agent: SimulatedAgent, now: number): void {
    this.#offers.offerContact(contact, agent, now);
  }

  #advanceEntry(contact: RunningContact, stage: Extract<ContactStage, { queueAt: number }>, now: number): void {
    const { facts } = contact;
    const due = facts.initiatedAt + CONNECTS_TO_SYSTEM_MS / this.#context.speed;
    if (facts.connectedToSystemAt === null && SYSTEM_CHANNELS.has(facts.channel) && now >= due) {
      facts.connectedToSystemAt = now;
      publishContact(this.#context, contact.facts, "CONNECTED_TO_SYSTEM", now);
    }
    for (const { atMs: _, ...message } of contact.chat?.nextMessages("withBot", now - facts.initiatedAt) ?? []) {
      this.#context.publish({ type: "chat-message", contactId: facts.contactId, message, at: now });
    }
    if (now >= stage.queueAt) this.#start.enterQueue(contact, now);
  }

  #advanceWait(contact: RunningContact, now: number): void {
    const { plan } = contact;
    const waited = waitedMs(contact, now);
    if (waited >= plan.patienceMs) {
      abandonContact(this.#context, contact, now);
      return;
    }
    if (plan.whileWaiting === null || waited < plan.whileWaiting.afterMs) return;
    const { kind } = plan.whileWaiting;
    plan.whileWaiting = null;
    if (kind === "callback") {
      this.#context.books.countContact(contact, "callbacks");
      this.#start.beginCallback(contact, now);
      endContact(this.#context, contact, now, "CONTACT_FLOW_DISCONNECT");
      return;
    }
    const queue = this.#start.otherQueue(contact);
    if (queue === null) return;
    this.#context.books.countContact(contact, "moved");
    const next = this.#start.newSuccessor(contact, { method: "QUEUE_TRANSFER", queue }, now);
    publishContact(this.#context, next.facts, "INITIATED", now);
    this.#start.enterQueue(next, now);
    endContact(this.#context, contact, now, "OTHER");
  }
}

/** How long the contact has been in its queue, with offers that nobody took. */
function waitedMs({ facts }: RunningContact, now: number): number {
  return now - (facts.queue?.since ?? now);
}
