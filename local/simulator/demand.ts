import type { RandomSource } from "./random.ts";
import { type AgentProfile, type ConnectChannel, type Queue, serves } from "./staff.ts";

/** A customer who turns to a queue of the center. */
export interface Arrival {
  queue: Queue;
  channel: ConnectChannel;
}

export interface DemandOptions {
  staff: readonly AgentProfile[];
  /** Agents who are left when all transcribed calls run. */
  freeAgents: number;
  speed: number;
  random: RandomSource;
  /** When the center opens, epoch ms. */
  openedAt: number;
}

/** A queue and a channel that agents serve. */
interface Service extends Arrival {
  agents: number;
  /** How many of all customers it gets. */
  weight: number;
}

/** Many customers of one queue at once: new ones come as long as fewer than `target` wait. */
interface Rush extends Arrival {
  target: number;
  until: number;
  nextAt: number;
}

// Durations are milliseconds at speed 1.
/** How much of an agent's time the customers between the rushes need, and how long one of them needs an agent. */
const BASE_LOAD = 0.5;
const HANDLE_MS = 130_000;
/** The demand rises and falls with this period. */
const WAVE_MS = 8 * 60_000;
const WAVE_HEIGHT = 0.5;
const FIRST_RUSH = [3_000, 6_000] as const;
const RUSH_LENGTH = [25_000, 60_000] as const;
const RUSH_PAUSE = [4_000, 20_000] as const;
const RUSH_GAP = [250, 900] as const;
const RUSH_TARGET = [3, 9.99] as const;
/** A rush of a larger center is as quick as that of one with so many agents. */
const RUSH_AGENTS = 40;
const CHAT_RUSH_CHANCE = 0.25;
/** How much a channel is used. */
const WEIGHTS: Readonly<Record<ConnectChannel, number>> = { VOICE: 5, CHAT: 4, TASK: 1, EMAIL: 0.7 };
/** Real arrivals per second, whatever the size and the speed: this machine also has to handle their events. */
const MOST_PER_SECOND = 5;
const MOST_AT_ONCE = 15;

/** Draws when customers come, and in which queue and channel: a base that rises and falls, and rushes. */
export class Demand {
  readonly #options: DemandOptions;
  readonly #services: readonly Service[];
  #rush: Rush | null = null;
  #rushes = 0;
  #nextRushAt: number;
  #nextAt: number;
  #budget = MOST_AT_ONCE;
  #lastAt: number;

  constructor(options: DemandOptions) {
    const { random, speed, openedAt, staff } = options;
    this.#options = options;
    this.#services = servicesOf(staff);
    this.#lastAt = openedAt;
    this.#nextAt = openedAt;
    this.#nextRushAt = openedAt + random.between(...FIRST_RUSH) / speed;
  }

  /** Returns the customers who come now. `waitingIn` tells how many wait in a queue or are on the way into it. */
  arrivals(now: number, waitingIn: (queue: Queue) => number): Arrival[] {
    this.#budget = Math.min(MOST_AT_ONCE, this.#budget + ((now - this.#lastAt) / 1000) * MOST_PER_SECOND);
    this.#lastAt = now;
    const come = [...this.#baseArrivals(now), ...this.#rushArrivals(now, waitingIn)].slice(0, Math.floor(this.#budget));
    this.#budget -= come.length;
    return come;
  }

  #baseArrivals(now: number): Arrival[] {
    const { freeAgents, speed, random, openedAt } = this.#options;
    const wave = 1 + WAVE_HEIGHT * Math.sin((2 * Math.PI * (now - openedAt) * speed) / WAVE_MS);
    const meanGapMs = HANDLE_MS / (Math.max(1, freeAgents) * BASE_LOAD * wave * speed);
    const come: Arrival[] = [];
    while (now >= this.#nextAt && come.length < MOST_AT_ONCE) {
      const arrival = this.#pickService();
      if (arrival !== null) come.push(arrival);
      // Independent customers: the gaps have an exponential distribution.
      this.#nextAt = Math.max(this.#nextAt, now - meanGapMs) - Math.log(1 - random.next()) * meanGapMs;
    }
    return come;
  }

  #rushArrivals(now: number, waitingIn: (queue: Queue) => number): Arrival[] {
    const { random, speed, staff } = this.#options;
    if (this.#rush === null && now >= this.#nextRushAt) this.#rush = this.#newRush(now);
    const rush = this.#rush;
    if (rush === null) return [];
    if (now >= rush.until) {
      this.#rush = null;
      this.#nextRushAt = now + random.between(...RUSH_PAUSE) / speed;
      return [];
    }
    const come: Arrival[] = [];
    const { queue, channel } = rush;
    while (now >= rush.nextAt && waitingIn(queue) + come.length < rush.target) {
      come.push({ queue, channel });
      rush.nextAt += random.between(...RUSH_GAP) / (speed * Math.max(1, staff.length / RUSH_AGENTS));
    }
    rush.nextAt = Math.max(rush.nextAt, now);
    return come;
  }

  #newRush(now: number): Rush | null {
    const { random, speed } = this.#options;
    const channel = this.#rushes > 0 && random.chance(CHAT_RUSH_CHANCE) ? "CHAT" : "VOICE";
    const [first, ...others] = this.#services.filter((service) => service.channel === channel);
    if (first === undefined) return null;
    // The first rush meets the fewest agents, so that customers wait soon after the start.
    const { queue } =
      this.#rushes === 0 ? others.reduce((a, b) => (b.agents < a.agents ? b : a), first) : random.pick([first, ...others]);
    this.#rushes += 1;
    const target = Math.floor(random.between(...RUSH_TARGET));
    return { queue, channel, target, until: now + random.between(...RUSH_LENGTH) / speed, nextAt: now };
  }

  #pickService(): Arrival | null {
    let left = this.#options.random.next() * this.#services.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = this.#services.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return chosen === undefined ? null : { queue: chosen.queue, channel: chosen.channel };
  }
}

/** Returns every queue and channel that somebody serves. The more agents, the more customers. */
function servicesOf(staff: readonly AgentProfile[]): Service[] {
  const queues = [...new Set(staff.flatMap(({ team }) => team.queues))];
  return queues.flatMap((queue) =>
    queue.channels.flatMap((channel) => {
      const serving = staff.filter(({ team }) => serves(team, queue, channel));
      const weight = serving.reduce((sum, { team }) => sum + WEIGHTS[channel] / team.queues.length, 0);
      return weight === 0 ? [] : [{ queue, channel, weight, agents: serving.length }];
    }),
  );
}
