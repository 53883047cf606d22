import type { SimulatedContact } from "./contact-event.ts";
import { isWaiting, type RunningContact } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import { type ConnectChannel, type Queue, serves } from "./staff.ts";

/** How contacts left a queue. `unreached` = an agent took a callback, and the customer did not answer. */
export type QueueOutcome = "answered" | "abandoned" | "callbacks" | "moved" | "unreached";
export type QueueOutcomes = Record<"queued" | QueueOutcome, number>;

/** A contact that waits in a queue. */
export interface QueuedContact {
  queueId: string;
  channel: ConnectChannel;
  contactId: string;
  /** Epoch ms. */
  enqueuedAt: number;
  /** The agent at whom it rings. */
  ringingAt: string | null;
}

/** The agents whose routing profile serves a queue, as Amazon Connect counts them in its real-time metrics. */
export interface QueueAgents {
  queueId: string;
  /** Agents who are signed in. */
  online: number;
  /** Agents who are signed in and in no custom status. */
  staffed: number;
  /** Staffed agents without any contact. */
  available: number;
  onContact: number;
  /** Agents in a custom status. */
  nonProductive: number;
  /** Contacts with after-contact work, not agents. */
  afterContactWork: number;
  /** Agents with a missed, rejected or failed contact. */
  error: number;
}

/** What really happens in the queues, whoever loses an event. The stand-ins and the tests read it. */
export interface QueueTruth {
  queues(): readonly Queue[];
  /** Contacts in standard queues, those among them that ring at an agent. */
  waitingNow(): QueuedContact[];
  /** Callbacks that are not due yet. */
  scheduledNow(): Omit<QueuedContact, "ringingAt" | "enqueuedAt">[];
  agentsByQueue(): QueueAgents[];
  /** Queue id -> the sums since the center opened. */
  outcomes(): ReadonlyMap<string, QueueOutcomes>;
  /** Returns a contact that runs or ended not long ago, or null. */
  findContact(contactId: string): SimulatedContact | null;
}

/** Contacts that ended are known for so long. Amazon Connect knows them for two years. */
const KNOWN_AFTER_END_MS = 15 * 60_000;
/** Bounds the memory of a center that runs for a day at twenty times the speed. */
const MAX_ENDED = 5_000;

/** Keeps the books of the simulated queues. */
export class QueueBooks implements QueueTruth {
  readonly running = new Map<string, RunningContact>();
  readonly #agents: readonly SimulatedAgent[];
  readonly #queues: readonly Queue[];
  readonly #outcomes = new Map<string, QueueOutcomes>();
  /** Contacts that ended, the oldest first. */
  readonly #ended = new Map<string, SimulatedContact>();

  constructor(agents: readonly SimulatedAgent[]) {
    this.#agents = agents;
    this.#queues = [...new Set(agents.flatMap(({ profile }) => profile.team.queues))];
  }

  /** Call when a contact enters a queue (`queued`) or leaves it. The queues of single agents have no books. */
  countContact({ facts }: RunningContact, event: "queued" | QueueOutcome): void {
    if (facts.queue?.type !== "STANDARD") return;
    const none: QueueOutcomes = { queued: 0, answered: 0, abandoned: 0, callbacks: 0, moved: 0, unreached: 0 };
    const sums = this.#outcomes.get(facts.queue.id) ?? none;
    sums[event] += 1;
    // An agent took the callback first, so it was counted as answered.
    if (event === "unreached") sums.answered -= 1;
    this.#outcomes.set(facts.queue.id, sums);
  }

  /** Call when a contact is over. */
  endContact({ facts }: RunningContact, now: number): void {
    this.running.delete(facts.contactId);
    this.#ended.set(facts.contactId, facts);
    for (const [contactId, { disconnect }] of this.#ended) {
      if (this.#ended.size <= MAX_ENDED && (disconnect?.at ?? 0) > now - KNOWN_AFTER_END_MS) return;
      this.#ended.delete(contactId);
    }
  }

  queues(): readonly Queue[] {
    return this.#queues;
  }

  waitingNow(): QueuedContact[] {
    return [...this.running.values()].flatMap((contact) => {
      const { facts, stage } = contact;
      if (!isWaiting(contact) || facts.queue?.type !== "STANDARD" || facts.queue.since === null) return [];
      const ringingAt = stage.kind === "ringing" ? stage.agent.profile.id : null;
      const { contactId, channel } = facts;
      return [{ queueId: facts.queue.id, channel, contactId, enqueuedAt: facts.queue.since, ringingAt }];
    });
  }

  scheduledNow(): Omit<QueuedContact, "ringingAt" | "enqueuedAt">[] {
    return [...this.running.values()].flatMap(({ facts, queue, stage }) =>
      stage.kind === "scheduled" ? [{ queueId: queue.id, channel: facts.channel, contactId: facts.contactId }] : [],
    );
  }

  agentsByQueue(): QueueAgents[] {
    return this.#queues.map((queue) => {
      const serving = this.#agents.filter(
        ({ signedIn, profile }) => signedIn && queue.channels.some((channel) => serves(profile.team, queue, channel)),
      );
      const contacts = serving.map(({ snapshot }) => snapshot.contacts.map(({ state }) => state));
      const custom = serving.filter(({ snapshot }) => snapshot.status.type === "CUSTOM").length;
      return {
        queueId: queue.id,
        online: serving.length,
        staffed: serving.length - custom,
        available: serving.filter(({ idle }) => idle).length,
        onContact: contacts.filter((states) => states.some((state) => state.startsWith("CONNECTED"))).length,
        nonProductive: custom,
        afterContactWork: contacts.flat().filter((state) => state === "ENDED").length,
        error: contacts.filter((states) => states.some((state) => ["MISSED", "REJECTED", "ERROR"].includes(state))).length,
      };
    });
  }

  outcomes(): ReadonlyMap<string, QueueOutcomes> {
    return this.#outcomes;
  }

  findContact(contactId: string): SimulatedContact | null {
    return this.running.get(contactId)?.facts ?? this.#ended.get(contactId) ?? null;
  }
}
