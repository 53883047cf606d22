import { SENTIMENT_ARCS, type SentimentArc } from "../phrases/call-script.ts";
import type { AgentEvent, StatusSnapshot } from "./agent-event.ts";
import { answerCall, type Call, newCall, ringAgent, updateHold } from "./call.ts";
import type { CallPlan } from "./call-plan.ts";
import type { DirectoryEntry } from "./connect-directory.ts";
import { createRandom, type RandomSource } from "./random.ts";
import { type Activity, SimulatedAgent } from "./simulated-agent.ts";
import { type AgentProfile, hireAgents, type Queue } from "./staff.ts";

export interface CenterOptions {
  agents: number;
  /** The number of calls at the same time. There are fewer when no agent is free. */
  calls: number;
  /**
   * Divides idle time, ringing, pauses, holds, after-call work and breaks. Speech and all timestamps stay real, so no event
   * has a time in the future.
   */
  speed: number;
  seed: string;
}

/** An event in the contact center for the simulator to act on. */
export type Effect =
  | { type: "agent"; event: AgentEvent }
  | { type: "call-begins"; call: Call; at: number }
  | { type: "call-connected"; contactId: string; at: number; plan: CallPlan; agent: AgentProfile }
  | { type: "call-ends"; contactId: string; at: number };

const MINUTE = 60_000;
/** Breaks are shorter than real ones, so that the board changes often. Milliseconds at speed 1. */
const BREAKS: readonly [Break, ...Break[]] = [
  { name: "Baño", min: MINUTE, max: 3 * MINUTE },
  { name: "Almuerzo", min: 4 * MINUTE, max: 9 * MINUTE },
  { name: "Capacitación", min: 3 * MINUTE, max: 8 * MINUTE },
];
interface Break {
  name: string;
  min: number;
  max: number;
}
/** The first agents are available when the center opens, so that somebody can answer the first calls. */
const ALWAYS_READY = 5;
const OFF_AT_START = 0.08;
const ON_BREAK_AT_START = 0.1;
/** In this time after the start no agent misses a call, so that the board soon shows one. */
const CALM_MS = 30_000;
/** After this wait an agent of another queue answers the caller. */
const OVERFLOW_MS = 10_000;
/** The first calls arrive one by one within this time. */
const FIRST_CALLS_WITHIN_MS = 30_000;
const LONGEST_GAP_MS = 700;

/** The simulated contact center. The caller passes the time and the seed, so a run can be repeated. */
export class SimulatedContactCenter {
  readonly #options: CenterOptions;
  readonly #random: RandomSource;
  readonly #agents: SimulatedAgent[];
  readonly #calls = new Set<Call>();
  readonly #openedAt: number;
  #effects: Effect[] = [];
  #arcs: SentimentArc[] = [];
  #nextCallAt: number;
  /** The number of idle agents that no call needs now. They may start a break or go home. */
  #spareAgents = 0;

  /** Opens the center at `now`. Agents on shift are signed in already, some of them for a while. */
  constructor(options: CenterOptions, now: number) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#openedAt = now;
    this.#nextCallAt = now;
    const publish = (event: AgentEvent) => void this.#effects.push({ type: "agent", event });
    this.#agents = hireAgents(options.agents).map(
      (profile) => new SimulatedAgent(profile, { kind: "off", until: now }, this.#random, publish),
    );
    for (const [index, agent] of this.#agents.entries()) this.#startShift(agent, index, now);
  }

  /** Simulates up to `now`. Returns the effects since the last call. */
  advance(now: number): Effect[] {
    for (const call of this.#calls) this.#moveCall(call, now);
    const needed = this.#options.calls - this.#calls.size + this.#waitingCalls() + 1;
    this.#spareAgents = this.#idleAgents().length - needed;
    for (const agent of this.#agents) this.#moveAgent(agent, now);
    this.#startNewCalls(now);
    for (const agent of this.#agents) agent.heartbeat(now);
    return this.#takeEffects();
  }

  /** All agents with their current state. */
  get staff(): readonly DirectoryEntry[] {
    return this.#agents;
  }

  /** Closes the center: ends all calls and logs all agents out. */
  close(now: number): Effect[] {
    for (const call of this.#calls) this.#effects.push({ type: "call-ends", contactId: call.contactId, at: now });
    this.#calls.clear();
    for (const agent of this.#agents) {
      if (agent.signedIn) agent.logout(now);
      agent.activity = { kind: "off", until: Number.POSITIVE_INFINITY };
    }
    return this.#takeEffects();
  }

  #takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Starts an agent's first shift: at home, on a break or idle. */
  #startShift(agent: SimulatedAgent, index: number, now: number): void {
    const homeAt = now + this.#randomDuration(10 * MINUTE, 60 * MINUTE);
    const chance = index < ALWAYS_READY ? 1 : this.#random.next();
    if (chance < OFF_AT_START) {
      agent.activity = { kind: "off", until: now + this.#randomDuration(MINUTE, 4 * MINUTE) };
      agent.logout(now);
    } else if (chance < OFF_AT_START + ON_BREAK_AT_START) {
      const pause = this.#random.pick(BREAKS);
      const since = now - Math.round(this.#random.between(0, pause.min));
      agent.activity = { kind: "break", until: since + this.#randomDuration(pause.min, pause.max), homeAt };
      agent.login(now, { name: pause.name, type: "CUSTOM", since });
    } else {
      const since = now - Math.round(this.#random.between(0, 25 * MINUTE));
      agent.activity = this.#idleActivity(since, now, homeAt);
      agent.login(now, available(since));
    }
  }

  #moveAgent(agent: SimulatedAgent, now: number): void {
    const { activity } = agent;
    switch (activity.kind) {
      case "off":
        if (now < activity.until) return;
        agent.activity = this.#idleActivity(now, now, now + this.#randomDuration(10 * MINUTE, 60 * MINUTE));
        agent.login(now, available(now));
        return;
      case "break":
        if (now < activity.until) return;
        agent.activity = this.#idleActivity(now, now, activity.homeAt);
        agent.changeStatus(now, available(now));
        return;
      case "clearing":
        if (now < activity.until) return;
        agent.activity = this.#idleActivity(now, now, activity.homeAt);
        agent.showContact(now, null);
        return;
      case "idle":
        if (this.#spareAgents > 0) this.#leaveForBreakOrHome(agent, activity, now);
        return;
      case "call":
        return;
    }
  }

  /** Ends the shift or starts a break when it is time. */
  #leaveForBreakOrHome(agent: SimulatedAgent, { homeAt, breakAt }: Extract<Activity, { kind: "idle" }>, now: number): void {
    if (now >= homeAt) {
      agent.activity = { kind: "off", until: now + this.#randomDuration(2 * MINUTE, 6 * MINUTE) };
      agent.logout(now);
    } else if (now >= breakAt) {
      const pause = this.#random.pick(BREAKS);
      agent.activity = { kind: "break", until: now + this.#randomDuration(pause.min, pause.max), homeAt };
      agent.changeStatus(now, { name: pause.name, type: "CUSTOM", since: now });
    } else return;
    this.#spareAgents -= 1;
  }

  #moveCall(call: Call, now: number): void {
    const { stage } = call;
    const { speed } = this.#options;
    if (stage.kind === "queued" && now >= stage.offerAt) {
      const agent = this.#longestIdle(now - call.queuedAt < OVERFLOW_MS ? call.queue : null);
      if (agent === null) return;
      agent.activity = { kind: "call", homeAt: homeTime(agent.activity) };
      ringAgent(call, agent, now, speed, now - this.#openedAt < CALM_MS, this.#random);
    } else if (stage.kind === "ringing" && now >= stage.until) {
      if (stage.outcome === "answered") {
        const plan = answerCall(call, stage.agent, now, speed, this.#random);
        const { profile: agent } = stage.agent;
        this.#effects.push({ type: "call-connected", contactId: call.contactId, at: now, plan, agent });
      } else {
        stage.agent.moveContact(now, { state: stage.outcome === "missed" ? "MISSED" : "ERROR" });
        this.#startAfterCallWork(stage.agent, now, 6_000, 15_000);
        call.stage = { kind: "queued", offerAt: now };
      }
    } else if (stage.kind === "talking" && updateHold(stage, now)) {
      stage.agent.moveContact(now, { state: "ENDED" });
      this.#startAfterCallWork(stage.agent, now, 5_000, 25_000);
      call.stage = { kind: "over" };
      this.#calls.delete(call);
      this.#effects.push({ type: "call-ends", contactId: call.contactId, at: now });
    }
  }

  #startAfterCallWork(agent: SimulatedAgent, now: number, minMs: number, maxMs: number): void {
    agent.activity = { kind: "clearing", until: now + this.#randomDuration(minMs, maxMs), homeAt: homeTime(agent.activity) };
  }

  /** Starts new calls while there are too few and an idle agent is left for each waiting call. */
  #startNewCalls(now: number): void {
    const gap = Math.min(LONGEST_GAP_MS, FIRST_CALLS_WITHIN_MS / this.#options.calls);
    let free = this.#idleAgents().length - this.#waitingCalls();
    while (this.#calls.size < this.#options.calls && free > 0 && now >= this.#nextCallAt) {
      const [first, ...others] = this.#idleAgents();
      if (first === undefined) return;
      const { team } = this.#random.pick([first, ...others]).profile;
      const call = newCall(now, this.#random.pick(team.queues), this.#nextArc(), this.#options.speed, this.#random);
      this.#calls.add(call);
      this.#effects.push({ type: "call-begins", call, at: now });
      this.#nextCallAt = Math.max(this.#nextCallAt + gap, now - LONGEST_GAP_MS);
      free -= 1;
    }
  }

  /** Uses every sentiment arc once before it uses one again, so that a few calls differ from each other. */
  #nextArc(): SentimentArc {
    if (this.#arcs.length === 0) this.#arcs = this.#random.shuffled(SENTIMENT_ARCS);
    return this.#arcs.pop() ?? "flat";
  }

  /** Returns the agent of the queue who has been available longest, as Amazon Connect does. null = any queue. */
  #longestIdle(queue: Queue | null): SimulatedAgent | null {
    let best: SimulatedAgent | null = null;
    let bestSince = Number.POSITIVE_INFINITY;
    for (const agent of this.#agents) {
      if (agent.activity.kind !== "idle" || agent.activity.since >= bestSince) continue;
      if (queue !== null && !agent.profile.team.queues.includes(queue)) continue;
      best = agent;
      bestSince = agent.activity.since;
    }
    return best;
  }

  #idleAgents(): SimulatedAgent[] {
    return this.#agents.filter((agent) => agent.activity.kind === "idle");
  }

  #waitingCalls(): number {
    return [...this.#calls].filter((call) => call.stage.kind === "queued").length;
  }

  #idleActivity(since: number, now: number, homeAt: number): Activity {
    return { kind: "idle", since, breakAt: now + this.#randomDuration(2 * MINUTE, 15 * MINUTE), homeAt };
  }

  /** Returns a random duration in real milliseconds. The bounds are at speed 1. */
  #randomDuration(minMs: number, maxMs: number): number {
    return Math.round(this.#random.between(minMs, maxMs) / this.#options.speed);
  }
}

function available(since: number): StatusSnapshot {
  return { name: "Available", type: "ROUTABLE", since };
}

function homeTime(activity: Activity): number {
  return activity.kind === "off" ? Number.POSITIVE_INFINITY : activity.homeAt;
}
