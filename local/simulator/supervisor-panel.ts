import type { CenterContext } from "./center-context.ts";
import type { DirectoryEntry } from "./connect-directory.ts";
import type { RunningContact } from "./running-contact.ts";
import { SimulatedAgent } from "./simulated-agent.ts";
import type { AgentProfile } from "./staff.ts";

/**
 * The supervisor who looks at the board of the demo: a user of Amazon Connect who takes no contacts. Its name is that of the local
 * identity, if nobody chooses another.
 */
const SUPERVISOR = {
  id: "b0a4d0de-5e0f-4d57-9a55-000000000001",
  username: "local",
  firstName: "Sol",
  lastName: "Demo",
};

/** After this time the simulated person takes what rings. Milliseconds at speed 1. */
const ACCEPTS_AFTER_MS = 3_000;

/** What rings in the panel. */
export interface PanelCall {
  /** The contact to listen to. */
  contactId: string;
  /** The id of the listening itself. */
  monitorContactId: string;
}

interface Listening extends PanelCall {
  contact: RunningContact;
  /** The agent who was on the contact at the beginning. */
  agent: SimulatedAgent;
  /** When the supervisor takes it, epoch ms. null = taken. */
  acceptAt: number | null;
}

/**
 * The control panel of the demo's supervisor. A listening rings there, is taken after some seconds, and ends with the contact.
 * The panel has room for one: a new one ends the one before. It publishes the events that Amazon Connect would write.
 */
export class SupervisorPanel {
  readonly id = SUPERVISOR.id;
  readonly #context: CenterContext;
  /** Called when a listening is over. */
  onEnd: (monitorContactId: string) => void = () => {};
  #person: SimulatedAgent;
  #listening: Listening | null = null;

  constructor(context: CenterContext) {
    this.#context = context;
    const [agent] = context.agents;
    if (agent === undefined) throw new Error("The simulated center has no agents. Start it with at least one.");
    this.#person = this.#personIn(agent.profile.team);
  }

  /** The supervisor as a user of the instance. */
  get entry(): DirectoryEntry {
    return this.#person;
  }

  /** A contact that has ended meanwhile does not ring. */
  ring(call: PanelCall, now: number): void {
    const contact = this.#context.books.running.get(call.contactId);
    if (contact?.stage.kind !== "working" && contact?.stage.kind !== "consulting") {
      this.onEnd(call.monitorContactId);
      return;
    }
    const { agent } = contact.stage;
    this.#hangUp(now);
    // The demo has one supervisor for all teams. In the agent's team the board may name her to everybody who sees the agent.
    this.#person = this.#personIn(agent.profile.team);
    this.#person.shift = { kind: "on", breakAt: Number.POSITIVE_INFINITY, homeAt: Number.POSITIVE_INFINITY };
    this.#person.login(now, { name: "Offline", type: "OFFLINE", since: now });
    const { contactId, initialContactId, channel } = contact.facts;
    this.#person.addContact(now, {
      contactId: call.monitorContactId,
      initialContactId: initialContactId ?? contactId,
      channel,
      initiationMethod: "MONITOR",
      state: "INCOMING",
      since: now,
      connectedAt: null,
      queuedAt: now,
      queue: contact.queue,
    });
    this.#listening = { ...call, contact, agent, acceptAt: now + ACCEPTS_AFTER_MS / this.#context.speed };
  }

  /** Takes what has rung long enough, and ends what has nobody to listen to. */
  advance(now: number): void {
    const listening = this.#listening;
    if (listening === null) return;
    const { stage } = listening.contact;
    if (!("agent" in stage) || stage.agent !== listening.agent) {
      this.#hangUp(now);
      return;
    }
    this.#person.heartbeat(now);
    if (listening.acceptAt === null || now < listening.acceptAt) return;
    listening.acceptAt = null;
    this.#person.moveContact(now, listening.monitorContactId, { state: "CONNECTED", connectedAt: now });
  }

  /** Ends the listening, if there is one, and closes the panel. */
  close(now: number): void {
    this.#hangUp(now);
  }

  #hangUp(now: number): void {
    if (this.#listening === null) return;
    const { monitorContactId } = this.#listening;
    this.#listening = null;
    this.#person.finishContact(now, monitorContactId, "ENDED", now, null);
    this.#person.clearContacts(now);
    this.#person.logout(now);
    this.#person.shift = { kind: "off", until: Number.POSITIVE_INFINITY };
    this.onEnd(monitorContactId);
  }

  #personIn(team: AgentProfile["team"]): SimulatedAgent {
    return new SimulatedAgent({ ...SUPERVISOR, team }, this.#context.random, (event) =>
      this.#context.publish({ type: "agent", event }),
    );
  }
}
