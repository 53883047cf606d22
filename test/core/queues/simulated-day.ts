import type { ContactQueue } from "../../../protocol/queue-updates.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { aQueueContact } from "./queue-center.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** One contact in one queue, as it really is. Times are epoch ms. */
export interface TrueLeg {
  contactId: string;
  queueId: string;
  enqueuedAt: number;
  /** When it left the queue. */
  leftAt: number;
  outcome: "answered" | "abandoned" | "callback" | "moved" | "unreached";
  /** What Amazon Connect knows of the contact in the end. Each event repeats what is known by then. */
  facts: Partial<ContactQueue>;
}

/** One event on its way to the hub. */
export interface DeliveredEvent {
  at: number;
  update: ContactQueue;
}

/** What goes wrong on the way. Shares are from 0 to 1. */
export interface Faults {
  lost: number;
  repeated: number;
}

/** A day of a contact center, written without the code that it judges. */
export class SimulatedDay {
  readonly legs: TrueLeg[] = [];
  readonly #random: SeededRandom;
  readonly #from: number;
  #ids = 0;

  /** @param from when the day begins, epoch ms @param calls how many arrive in eight hours */
  constructor(seed: number, from: number, calls: number) {
    this.#random = new SeededRandom(seed);
    this.#from = from;
    for (let call = 0; call < calls; call += 1) this.#addCall(from + this.#between(0, 8 * 60 * MINUTE), "inbound", null, 0);
  }

  /** The contacts that wait in the queue at `now`. */
  waitingAt(queueId: string, now: number): TrueLeg[] {
    return this.legs.filter((leg) => leg.queueId === queueId && leg.enqueuedAt <= now && now < leg.leftAt);
  }

  /** All events in the order in which they reach the hub. */
  deliveries({ lost, repeated }: Faults): DeliveredEvent[] {
    const all: DeliveredEvent[] = [];
    for (const leg of this.legs) {
      for (const { happenedAt, known } of eventsOf(leg)) {
        const update = aQueueContact({ contactId: leg.contactId, queueId: leg.queueId, ...known, occurredAt: happenedAt });
        if (this.#random.next() >= lost) all.push({ at: happenedAt + this.#delay(), update });
        if (this.#random.next() < repeated) all.push({ at: happenedAt + this.#delay() + this.#between(0, MINUTE), update });
      }
    }
    return all.sort((a, b) => a.at - b.at);
  }

  /** A call, or what follows on one. `depth` bounds how often it goes on. */
  #addCall(enqueuedAt: number, method: string, previousContactId: string | null, depth: number): void {
    const contactId = `contact-${this.#ids++}`;
    const queueId = `q${1 + Math.floor(this.#random.next() * 6)}`;
    const leftAt = enqueuedAt + this.#between(2 * SECOND, this.#random.next() < 0.2 ? 5 * MINUTE : MINUTE);
    const dice = this.#random.next();
    const origin = { method, previousContactId, enqueuedAt };
    const add = (outcome: TrueLeg["outcome"], facts: Partial<ContactQueue>) =>
      this.legs.push({ contactId, queueId, enqueuedAt, leftAt, outcome, facts: { ...origin, ...facts } });
    if (method === "callback") {
      const joinedAt = leftAt + 25 * SECOND;
      if (dice < 0.8) add("answered", { acceptedAt: leftAt, connectedAt: joinedAt, endedAt: joinedAt + 3 * MINUTE });
      else add("unreached", { acceptedAt: leftAt, endedAt: leftAt + 40 * SECOND });
    } else if (dice < 0.74 || depth > 2) {
      const endedAt = leftAt + this.#between(30 * SECOND, 7 * MINUTE);
      add("answered", { acceptedAt: leftAt, connectedAt: leftAt, endedAt, agentId: "agent-1" });
      if (this.#random.next() < 0.1) this.#addCall(endedAt, "transfer", contactId, depth + 1);
    } else if (dice < 0.88) add("abandoned", { endedAt: leftAt });
    else if (dice < 0.94) {
      add("callback", { endedAt: leftAt });
      this.#addCall(leftAt + this.#between(MINUTE, 10 * MINUTE), "callback", contactId, depth + 1);
    } else {
      add("moved", { endedAt: leftAt });
      this.#addCall(leftAt, "queue_transfer", contactId, depth + 1);
    }
  }

  /** Most events take a second or two, some half a minute. */
  #delay(): number {
    return this.#random.next() < 0.05 ? this.#between(0, 30 * SECOND) : this.#between(200, 2 * SECOND);
  }

  #between(from: number, to: number): number {
    return Math.round(from + this.#random.next() * (to - from));
  }

  get from(): number {
    return this.#from;
  }
}

/** The events of a contact, each with all that is known when it happens. */
function eventsOf({ facts, enqueuedAt }: TrueLeg): { happenedAt: number; known: Partial<ContactQueue> }[] {
  const { connectedAt, acceptedAt, endedAt } = facts;
  const times = [enqueuedAt, connectedAt, endedAt].flatMap((at) => at ?? []);
  return times.map((happenedAt) => {
    const upTo = (at: number | null | undefined) => (at !== null && at !== undefined && at <= happenedAt ? at : null);
    const known = { acceptedAt: upTo(acceptedAt), connectedAt: upTo(connectedAt), endedAt: upTo(endedAt) };
    return { happenedAt, known: { ...facts, ...known } };
  });
}
