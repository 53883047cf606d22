import type { StatusSnapshot } from "./agent-event.ts";
import type { RandomSource } from "./random.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";

/** How many agents may leave their work in this step. */
export interface Leave {
  /** Idle agents whom no call needs. */
  idle: number;
  /** Agents who may still go to a break or home, whoever they are. */
  all: number;
}

interface Break {
  name: string;
  min: number;
  max: number;
}

const MINUTE = 60_000;
/** Breaks are shorter than real ones, so that the board changes often. Milliseconds at speed 1. */
const BREAKS: readonly [Break, ...Break[]] = [
  { name: "Baño", min: MINUTE, max: 3 * MINUTE },
  { name: "Comida", min: 4 * MINUTE, max: 9 * MINUTE },
  { name: "Capacitación", min: 3 * MINUTE, max: 8 * MINUTE },
];
/** The first agents are available when the center opens, so that somebody can answer the first calls. */
const ALWAYS_READY = 5;
const OFF_AT_START = 0.08;
const ON_BREAK_AT_START = 0.1;

/** The working hours of the agents: they log in, take breaks and go home. */
export class Shifts {
  readonly #random: RandomSource;
  readonly #speed: number;

  constructor(random: RandomSource, speed: number) {
    this.#random = random;
    this.#speed = speed;
  }

  /** Starts an agent's first shift: at home, on a break or available. */
  startShift(agent: SimulatedAgent, index: number, now: number): void {
    const homeAt = now + this.#duration(10 * MINUTE, 60 * MINUTE);
    const chance = index < ALWAYS_READY ? 1 : this.#random.next();
    if (chance < OFF_AT_START) {
      agent.shift = { kind: "off", until: now + this.#duration(MINUTE, 4 * MINUTE) };
      agent.logout(now);
    } else if (chance < OFF_AT_START + ON_BREAK_AT_START) {
      const pause = this.#random.pick(BREAKS);
      const since = now - Math.round(this.#random.between(0, pause.min));
      agent.shift = { kind: "break", until: since + this.#duration(pause.min, pause.max), homeAt };
      agent.login(now, { name: pause.name, type: "CUSTOM", since });
    } else {
      this.#beginWork(agent, now, homeAt);
      agent.login(now, available(now - Math.round(this.#random.between(0, 25 * MINUTE))));
    }
  }

  /** Moves the agent on when it is time. Lowers `leave` when the agent leaves. */
  advanceShift(agent: SimulatedAgent, leave: Leave, now: number): void {
    const { shift } = agent;
    switch (shift.kind) {
      case "off":
        if (now < shift.until) return;
        this.#beginWork(agent, now, now + this.#duration(10 * MINUTE, 60 * MINUTE));
        agent.login(now, available(now));
        return;
      case "break":
        if (now < shift.until) return;
        this.#beginWork(agent, now, shift.homeAt);
        agent.changeStatus(now, available(now));
        return;
      case "on":
        this.#leaveWork(agent, shift.breakAt, shift.homeAt, leave, now);
        return;
    }
  }

  #leaveWork(agent: SimulatedAgent, breakAt: number, homeAt: number, leave: Leave, now: number): void {
    const { nextStatus, contacts } = agent.snapshot;
    if (nextStatus !== null) {
      if (contacts.length === 0) this.#go(agent, nextStatus.name, homeAt, now);
      return;
    }
    if (now < Math.min(breakAt, homeAt) || leave.all <= 0 || (contacts.length === 0 && leave.idle <= 0)) return;
    const pause = this.#random.pick(BREAKS);
    leave.all -= 1;
    if (contacts.length === 0) {
      leave.idle -= 1;
      this.#go(agent, now >= homeAt ? "Offline" : pause.name, homeAt, now);
    } else if (now >= homeAt) agent.chooseNextStatus(now, { name: "Offline", type: "OFFLINE" });
    else agent.chooseNextStatus(now, { name: pause.name, type: "CUSTOM" });
  }

  #go(agent: SimulatedAgent, status: string, homeAt: number, now: number): void {
    const pause = BREAKS.find(({ name }) => name === status);
    if (pause === undefined) {
      agent.shift = { kind: "off", until: now + this.#duration(2 * MINUTE, 6 * MINUTE) };
      agent.logout(now);
    } else {
      agent.shift = { kind: "break", until: now + this.#duration(pause.min, pause.max), homeAt };
      agent.changeStatus(now, { name: pause.name, type: "CUSTOM", since: now });
    }
  }

  #beginWork(agent: SimulatedAgent, now: number, homeAt: number): void {
    agent.shift = { kind: "on", breakAt: now + this.#duration(2 * MINUTE, 15 * MINUTE), homeAt };
  }

  /** Returns a random duration in real milliseconds. The bounds are at speed 1. */
  #duration(minMs: number, maxMs: number): number {
    return Math.round(this.#random.between(minMs, maxMs) / this.#speed);
  }
}

function available(since: number): StatusSnapshot {
  return { name: "Available", type: "ROUTABLE", since };
}
