import type { StatusSnapshot } from "./agent-event.ts";
import type { CenterContext } from "./center-context.ts";
import { STATUSES } from "./connect-directory.ts";
import { abandonContact, endContact } from "./contact-end.ts";
import { isWaiting } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";

/** A break that a supervisor orders ends by itself, so that the demo goes on. Milliseconds at speed 1. */
const BREAK_MS = 5 * 60_000;
const WORK_MS = 10 * 60_000;

/** What Amazon Connect does in the simulated center when a supervisor orders it. */
export class SupervisorOrders {
  readonly #context: CenterContext;

  constructor(context: CenterContext) {
    this.#context = context;
  }

  /** With contacts, the status follows them. An unknown agent, one who is signed out, or an unknown status changes nothing. */
  setStatus(agentId: string, statusName: string, now: number): void {
    const agent = this.#agent(agentId);
    const status = STATUSES.find(({ name }) => name === statusName);
    if (agent === undefined || status === undefined || agent.shift.kind === "off") return;
    if (agent.snapshot.contacts.length > 0) agent.chooseNextStatus(now, status.type === "ROUTABLE" ? null : status);
    else this.#changeStatus(agent, { ...status, since: now }, now);
  }

  /** Clears a missed, failed or finished contact of an agent. */
  clearContact(agentId: string, contactId: string, now: number): void {
    this.#agent(agentId)?.clearSoon(contactId, now);
  }

  stopContact(contactId: string, now: number): void {
    const contact = this.#context.books.running.get(contactId);
    if (contact === undefined) return;
    if (isWaiting(contact)) abandonContact(this.#context, contact, now);
    else endContact(this.#context, contact, now, "API");
  }

  #changeStatus(agent: SimulatedAgent, status: StatusSnapshot, now: number): void {
    const { speed } = this.#context;
    const homeAt = agent.shift.kind === "off" ? now : agent.shift.homeAt;
    agent.shift =
      status.type === "ROUTABLE"
        ? { kind: "on", breakAt: now + WORK_MS / speed, homeAt: Math.max(homeAt, now + WORK_MS / speed) }
        : { kind: "break", until: now + BREAK_MS / speed, homeAt };
    agent.changeStatus(now, status);
  }

  #agent(agentId: string): SimulatedAgent | undefined {
    return this.#context.agents.find(({ profile }) => profile.id === agentId);
  }
}
