import type { Call } from "./call.ts";
import { type CenterContext, publishContact } from "./center-context.ts";
import { planChat, RunningChat } from "./chat.ts";
import type { SimulatedContact } from "./contact-event.ts";
import { type ContactPlan, planContact } from "./contact-plan.ts";
import type { RunningContact } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import { type ConnectChannel, type Queue, serves } from "./staff.ts";

/** How a contact follows another one. */
interface Succession {
  method: "TRANSFER" | "QUEUE_TRANSFER" | "CALLBACK";
  queue: Queue;
  /** The only agent who may take it. */
  onlyFor?: SimulatedAgent;
}

/** Milliseconds at speed 1. */
const CALLBACK_DELAY = [15_000, 60_000] as const;

/** Starts contacts: those of customers, and those that follow another contact. */
export class ContactStart {
  readonly #context: CenterContext;

  constructor(context: CenterContext) {
    this.#context = context;
  }

  /** A customer calls, or a chat, task or e-mail comes in. */
  beginContact(now: number, queue: Queue, channel: ConnectChannel): RunningContact {
    const { random, speed } = this.#context;
    const method = channel === "VOICE" || channel === "EMAIL" ? "INBOUND" : "API";
    const plan = planContact(random, channel, speed);
    const contact = this.#newContact(now, { queue, channel, method, plan, contactId: random.uuid() });
    contact.stage = { kind: "entering", queueAt: now + plan.entryMs };
    publishContact(this.#context, contact.facts, "INITIATED", now);
    return contact;
  }

  /** A customer calls whose call is transcribed. The call is in its queue at once, and the customer stays. */
  beginCall(now: number, call: Call): RunningContact {
    const { random, speed } = this.#context;
    const offerMs = random.between(1_500, 5_000) / speed;
    const patient = { entryMs: 0, offerMs, patienceMs: Number.POSITIVE_INFINITY, whileWaiting: null, holds: [], transfer: null };
    const plan = { ...planContact(random, "VOICE", speed), ...patient };
    const method = call.kind === "webrtc" ? "WEBRTC_API" : "INBOUND";
    const contact = this.#newContact(now, { queue: call.queue, channel: "VOICE", method, plan, contactId: call.contactId });
    contact.call = call;
    this.#context.publish({ type: "call-begins", call, at: now });
    publishContact(this.#context, contact.facts, "INITIATED", now);
    this.enterQueue(contact, now);
    return contact;
  }

  enterQueue(contact: RunningContact, now: number): void {
    const { facts, queue, onlyFor, plan } = contact;
    facts.queue =
      onlyFor === null
        ? { id: queue.id, type: "STANDARD", since: now }
        : { id: `agent/${onlyFor.profile.id}`, type: "AGENT", since: now };
    contact.stage = { kind: "waiting", since: now, offerAt: now + plan.offerMs };
    this.#context.books.countContact(contact, "queued");
    publishContact(this.#context, contact.facts, "QUEUED", now);
  }

  /** Starts a callback to the customer of `contact`. */
  beginCallback(contact: RunningContact, now: number): void {
    const { random, speed } = this.#context;
    const next = this.newSuccessor(contact, { method: "CALLBACK", queue: contact.queue }, now);
    const dueAt = Math.round(now + random.between(...CALLBACK_DELAY) / speed);
    next.attempt = contact.attempt + 1;
    next.plan.patienceMs = Number.POSITIVE_INFINITY;
    next.facts.scheduledAt = dueAt;
    next.stage = { kind: "scheduled", queueAt: dueAt };
    publishContact(this.#context, next.facts, "INITIATED", now);
  }

  /** Returns a contact that follows `contact`. It is not handed on again. */
  newSuccessor({ facts }: RunningContact, { method, queue, onlyFor }: Succession, now: number): RunningContact {
    const { random, speed } = this.#context;
    const { channel } = facts;
    const plan = { ...planContact(random, channel, speed), whileWaiting: null, transfer: null };
    const next = this.#newContact(now, { queue, channel, method, plan, contactId: random.uuid(), previous: facts });
    next.onlyFor = onlyFor ?? null;
    return next;
  }

  /** Returns another queue in which an agent can take the contact. null = there is none. */
  otherQueue({ queue, facts: { channel } }: RunningContact): Queue | null {
    const { agents, books, random } = this.#context;
    const [first, ...others] = books
      .queues()
      .filter((one) => one !== queue && agents.some(({ signedIn, profile }) => signedIn && serves(profile.team, one, channel)));
    return first === undefined ? null : random.pick([first, ...others]);
  }

  #newContact(
    now: number,
    given: {
      queue: Queue;
      channel: ConnectChannel;
      method: string;
      plan: ContactPlan;
      contactId: string;
      previous?: SimulatedContact;
    },
  ): RunningContact {
    const { random, speed, books, publish } = this.#context;
    const { queue, channel, plan, contactId, previous } = given;
    const chat = channel === "CHAT" ? new RunningChat(planChat(random, queue, speed, previous === undefined)) : null;
    const facts: SimulatedContact = {
      contactId,
      initialContactId: previous === undefined ? null : (previous.initialContactId ?? previous.contactId),
      previousContactId: previous?.contactId ?? null,
      channel,
      initiationMethod: given.method,
      initiatedAt: now,
      connectedToSystemAt: null,
      queue: null,
      agent: null,
      afterWork: null,
      scheduledAt: null,
      disconnect: null,
    };
    const stage = { kind: "entering", queueAt: now } as const;
    const contact: RunningContact = { facts, queue, plan, chat, stage, onlyFor: null, call: null, attempt: 0 };
    books.running.set(contactId, contact);
    if (chat !== null) publish({ type: "chat-begins", contactId, language: chat.script.language, at: now });
    return contact;
  }
}
