import { planCall } from "./call-plan.ts";
import { type CenterContext, publishContact } from "./center-context.ts";
import { endContact } from "./contact-end.ts";
import type { TransferKind } from "./contact-plan.ts";
import type { ContactStart } from "./contact-start.ts";
import type { ContactStage, RunningContact, WorkStage } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";

// Durations are milliseconds at speed 1.
/** From the agent's order to transfer a contact until it is in the other queue. */
const TRANSFER_ENTRY = [1_500, 6_000] as const;
/** The agent of a warm transfer gives up after this time, and talks so long with the colleague who answers. */
const CONSULT_LIMIT_MS = 45_000;
const CONSULT_TALK_MS = 12_000;
const TALK_AFTER_CONSULT_MS = 10_000;

/** The work of an agent with a contact, from the answer to the end or the transfer. */
export class AgentWork {
  readonly #context: CenterContext;
  readonly #start: ContactStart;

  constructor(context: CenterContext, start: ContactStart) {
    this.#context = context;
    this.#start = start;
  }

  /** Joins the agent and the customer. */
  beginWork(contact: RunningContact, agent: SimulatedAgent, now: number): void {
    const { random, speed, publish } = this.#context;
    const { facts, call, chat, plan } = contact;
    facts.agent = { profile: agent.profile, acceptedAt: facts.agent?.acceptedAt ?? null, connectedAt: now };
    const language = call?.languageCode.startsWith("es") ? "es" : "en";
    const talk = call && planCall(random, { language, topic: call.queue.topic, arc: call.arc, speed });
    const workMs = talk?.durationMs ?? chat?.script.durationMs ?? plan.workMs;
    contact.stage = { kind: "working", agent, since: now, until: now + workMs, talk, onHold: false };
    agent.moveContact(now, facts.contactId, { state: "CONNECTED", connectedAt: now });
    if (talk !== null) publish({ type: "call-connected", contactId: facts.contactId, at: now, plan: talk });
    publishContact(this.#context, contact.facts, "CONNECTED_TO_AGENT", now);
  }

  /** Sends what is due of a chat, puts the customer on hold, and ends the work. */
  advanceWork(contact: RunningContact, stage: WorkStage, now: number): void {
    const { facts, plan } = contact;
    for (const { atMs: _, ...message } of contact.chat?.nextMessages("withAgent", now - stage.since) ?? []) {
      this.#context.publish({ type: "chat-message", contactId: facts.contactId, message, at: now });
    }
    if (now >= stage.until) {
      if (plan.transfer === null || !this.#transfer(contact, stage, plan.transfer, now))
        endContact(this.#context, contact, now, "CUSTOMER_DISCONNECT");
      return;
    }
    const workedMs = now - stage.since;
    const onHold = (stage.talk?.holds ?? plan.holds).some((hold) => workedMs >= hold.beginMs && workedMs < hold.endMs);
    if (onHold === stage.onHold) return;
    stage.onHold = onHold;
    const task = facts.channel === "TASK";
    const state = !onHold ? "CONNECTED" : task ? "PAUSED" : "CONNECTED_ONHOLD";
    stage.agent.moveContact(now, facts.contactId, { state });
    if (task) publishContact(this.#context, contact.facts, onHold ? "PAUSED" : "RESUMED", now);
  }

  /** Ends the talk with the colleague of a warm transfer. */
  advanceConsult(contact: RunningContact, stage: Extract<ContactStage, { kind: "consulting" }>, now: number): void {
    const { speed, books } = this.#context;
    const { agent, consult, until } = stage;
    if (consult.stage.kind === "working") {
      if (now - consult.stage.since >= CONSULT_TALK_MS / speed) endContact(this.#context, contact, now, "AGENT_DISCONNECT");
      return;
    }
    if (consult.stage.kind !== "over") {
      if (now < until) return;
      if (consult.facts.queue !== null) books.countContact(consult, "abandoned");
      endContact(this.#context, consult, now, "AGENT_DISCONNECT");
    }
    // Nobody answered, so the agent goes back to the customer.
    contact.plan.transfer = null;
    contact.stage = {
      ...{ kind: "working", agent, since: now, until: now + TALK_AFTER_CONSULT_MS / speed },
      ...{ talk: null, onHold: false },
    };
    contact.plan.holds = [];
    agent.moveContact(now, contact.facts.contactId, { state: "CONNECTED" });
  }

  /** Returns false when there is nobody to transfer the contact to. */
  #transfer(contact: RunningContact, { agent }: WorkStage, kind: TransferKind, now: number): boolean {
    const { agents, random, speed } = this.#context;
    const queue = kind === "agent" ? contact.queue : this.#start.otherQueue(contact);
    const colleagues = agents.filter((one) => one !== agent && one.signedIn && one.profile.team === agent.profile.team);
    const [first, ...others] = colleagues;
    if (queue === null || (kind === "agent" && first === undefined)) return false;
    const onlyFor = kind === "agent" && first !== undefined ? { onlyFor: random.pick([first, ...others]) } : {};
    const next = this.#start.newSuccessor(contact, { method: "TRANSFER", queue, ...onlyFor }, now);
    next.stage = { kind: "entering", queueAt: now + random.between(...TRANSFER_ENTRY) / speed };
    if (kind !== "warm") {
      endContact(this.#context, contact, now, "AGENT_DISCONNECT");
      return true;
    }
    next.plan.patienceMs = Number.POSITIVE_INFINITY;
    agent.moveContact(now, contact.facts.contactId, { state: "CONNECTED_ONHOLD" });
    contact.stage = { kind: "consulting", agent, consult: next, until: now + CONSULT_LIMIT_MS / speed };
    return true;
  }
}
