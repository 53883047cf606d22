/** What the stand-in has to know of the queues of an instance. The simulator and tests tell it. Times are epoch ms. */
export interface ConnectFloor {
  /** Contacts that wait in standard queues, those that ring at an agent among them. */
  waitingNow(): readonly QueueWaiter[];
  /** Callbacks that are not due yet. */
  scheduledNow(): readonly Pick<QueueWaiter, "queueId" | "channel">[];
  agentsByQueue(): readonly FloorAgents[];
  /** Returns a contact, or null if Amazon Connect does not know it. */
  findContact(contactId: string): FloorContact | null;
}
export interface QueueWaiter {
  queueId: string;
  channel: string;
  enqueuedAt: number;
}
/** The agents who serve a queue. */
export interface FloorAgents {
  queueId: string;
  /** Agents who are signed in. */
  online: number;
  /** Those of them who are in no custom status. */
  staffed: number;
  /** Those of them who have no contact. */
  available: number;
}
/** A contact as DescribeContact tells it. null = it has not happened. */
export interface FloorContact {
  contactId: string;
  initialContactId: string | null;
  previousContactId: string | null;
  channel: string;
  initiationMethod: string;
  initiatedAt: number;
  queue: { id: string; since: number | null } | null;
  agent: { profile: { id: string }; acceptedAt: number | null; connectedAt: number | null } | null;
  scheduledAt: number | null;
  disconnect: { at: number; reason: string } | null;
}

/** The floor as it was at one moment. */
export interface FloorSample {
  at: number;
  waiting: readonly QueueWaiter[];
  scheduled: readonly Pick<QueueWaiter, "queueId" | "channel">[];
  agents: readonly FloorAgents[];
}

export interface FloorWatchOptions {
  /**
   * The shortest and the longest time by which the figures are behind, ms. Amazon Connect documents none: its own console reads them
   * every 15 s (Administrator Guide, "Real-time metrics reports", read 2026-11-26).
   */
  lagMs?: readonly [number, number];
  /** Returns a number from 0 up to 1. */
  random?: () => number;
}

const LAG_MS = [5_000, 20_000] as const;
const SAMPLE_EVERY_MS = 1_000;

/** Remembers the floor of the last seconds, because the figures that Amazon Connect returns are behind and claim to be of now. */
export class FloorWatch {
  readonly #floor: ConnectFloor;
  readonly #lagMs: readonly [number, number];
  readonly #random: () => number;
  readonly #timer: NodeJS.Timeout;
  /** The oldest first. */
  #samples: FloorSample[] = [];

  constructor(floor: ConnectFloor, { lagMs = LAG_MS, random = Math.random }: FloorWatchOptions = {}) {
    this.#floor = floor;
    this.#lagMs = lagMs;
    this.#random = random;
    this.#timer = setInterval(() => this.#takeSample(Date.now()), Math.min(SAMPLE_EVERY_MS, Math.max(50, lagMs[0] / 2)));
    this.#timer.unref();
    this.#takeSample(Date.now());
  }

  /** Returns the floor as it was some seconds ago, or as it was first known. @param now epoch ms */
  delayed(now: number): FloorSample {
    const [shortest, longest] = this.#lagMs;
    const at = now - shortest - this.#random() * (longest - shortest);
    if (longest === 0) this.#takeSample(now);
    const sample = this.#samples.findLast((candidate) => candidate.at <= at) ?? this.#samples[0];
    return sample ?? { at: now, waiting: [], scheduled: [], agents: [] };
  }

  findContact(contactId: string): FloorContact | null {
    return this.#floor.findContact(contactId);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #takeSample(now: number): void {
    const floor = this.#floor;
    this.#samples.push({
      at: now,
      waiting: [...floor.waitingNow()],
      scheduled: [...floor.scheduledNow()],
      agents: [...floor.agentsByQueue()],
    });
    const oldest = now - this.#lagMs[1] - 2 * SAMPLE_EVERY_MS;
    this.#samples = this.#samples.filter(({ at }, index) => at >= oldest || index === this.#samples.length - 1);
  }
}

/** Returns what DescribeContact says of a contact (API reference, read 2026-11-26). Times are epoch seconds on the wire. */
export function describedContact(contactArn: string, contact: FloorContact): object {
  const { queue, agent, disconnect } = contact;
  return {
    Arn: contactArn,
    Id: contact.contactId,
    ...(contact.initialContactId !== null && { InitialContactId: contact.initialContactId }),
    ...(contact.previousContactId !== null && { PreviousContactId: contact.previousContactId }),
    InitiationMethod: contact.initiationMethod,
    Channel: contact.channel,
    InitiationTimestamp: contact.initiatedAt / 1000,
    ...(contact.scheduledAt !== null && { ScheduledTimestamp: contact.scheduledAt / 1000 }),
    ...(queue !== null && { QueueInfo: { Id: queue.id, ...(queue.since !== null && { EnqueueTimestamp: queue.since / 1000 }) } }),
    ...(agent !== null && {
      AgentInfo: {
        Id: agent.profile.id,
        ...(agent.acceptedAt !== null && { AcceptedByAgentTimestamp: agent.acceptedAt / 1000 }),
        ...(agent.connectedAt !== null && { ConnectedToAgentTimestamp: agent.connectedAt / 1000 }),
      },
    }),
    ...(disconnect !== null && { DisconnectTimestamp: disconnect.at / 1000, DisconnectReason: disconnect.reason }),
  };
}
