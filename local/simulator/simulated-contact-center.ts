import { SENTIMENT_ARCS, type SentimentArc } from "../phrases/call-script.ts";
import { newCall } from "./call.ts";
import type { CenterContext } from "./center-context.ts";
import type { DirectoryEntry } from "./connect-directory.ts";
import { ContactCourse } from "./contact-course.ts";
import { closeContact, completeContact } from "./contact-end.ts";
import { ContactStart } from "./contact-start.ts";
import { Demand } from "./demand.ts";
import type { Effect } from "./effect.ts";
import { QueueBooks, type QueueTruth } from "./queue-truth.ts";
import { createRandom, type RandomSource } from "./random.ts";
import { routeContacts } from "./routing.ts";
import type { RunningContact } from "./running-contact.ts";
import { Shifts } from "./shifts.ts";
import { SimulatedAgent } from "./simulated-agent.ts";
import { hireAgents, type Queue } from "./staff.ts";
import { SupervisorOrders } from "./supervisor-orders.ts";
import { SupervisorPanel } from "./supervisor-panel.ts";

export interface CenterOptions {
  agents: number;
  /** The number of transcribed calls at the same time. There are fewer when no agent is free. */
  calls: number;
  /**
   * Divides all durations but those of speech, which stay real. All timestamps are real, so no event has a time in the future.
   */
  speed: number;
  seed: string;
}

/** In this time after the start no agent misses a contact, so that the board soon shows some. */
const CALM_MS = 30_000;
/** The first calls arrive one by one within this time. */
const FIRST_CALLS_WITHIN_MS = 30_000;
const LONGEST_GAP_MS = 700;
/** The share of the agents who may be on a break or at home, so that most of them are at work. */
const AWAY_SHARE = 0.25;

/** The simulated contact center. The caller passes the time and the seed, so a run can be repeated. */
export class SimulatedContactCenter {
  readonly #options: CenterOptions;
  readonly #random: RandomSource;
  readonly #agents: SimulatedAgent[];
  readonly #books: QueueBooks;
  readonly #context: CenterContext;
  readonly #start: ContactStart;
  readonly #course: ContactCourse;
  readonly #shifts: Shifts;
  readonly #demand: Demand;
  /** What supervisors order. Its effects come with the next {@link advance}. */
  readonly orders: SupervisorOrders;
  /** Where a supervisor's listening rings. */
  readonly panel: SupervisorPanel;
  #effects: Effect[] = [];
  #arcs: SentimentArc[] = [];
  #nextCallAt: number;
  #closed = false;

  /** Opens the center at `now`. Agents on shift are signed in already, some of them for a while. */
  constructor(options: CenterOptions, now: number) {
    const { agents: count, calls, speed } = options;
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#nextCallAt = now;
    const publish = (effect: Effect) => void this.#effects.push(effect);
    const random = this.#random;
    const staff = hireAgents(count);
    this.#agents = staff.map((profile) => new SimulatedAgent(profile, random, (event) => publish({ type: "agent", event })));
    this.#books = new QueueBooks(this.#agents);
    const people = { agents: this.#agents, books: this.#books };
    this.#context = { ...people, random, speed, calmUntil: now + CALM_MS, publish };
    this.#start = new ContactStart(this.#context);
    this.#course = new ContactCourse(this.#context, this.#start);
    this.#demand = new Demand({ staff, speed, random, openedAt: now, freeAgents: Math.max(0, count - calls) });
    this.#shifts = new Shifts(random, speed);
    this.orders = new SupervisorOrders(this.#context);
    this.panel = new SupervisorPanel(this.#context);
    for (const [index, agent] of this.#agents.entries()) this.#shifts.startShift(agent, index, now);
  }

  /**
   * Simulates up to `now`. Returns the effects since the last call.
   * @param open whether new customers may come. Transcribed calls begin in any case.
   */
  advance(now: number, open = true): Effect[] {
    if (this.#closed) return [];
    for (const contact of this.#books.running.values()) this.#course.advanceContact(contact, now);
    for (const agent of this.#agents) {
      for (const facts of agent.clearContacts(now)) completeContact(this.#context, facts, now);
    }
    this.#advanceShifts(now);
    this.#startCalls(now);
    const waiting = this.#waitingByQueue();
    const arrivals = this.#demand.arrivals(now, (queue) => waiting.get(queue) ?? 0);
    if (open) for (const { queue, channel } of arrivals) this.#start.beginContact(now, queue, channel);
    this.#route(now);
    for (const agent of this.#agents) agent.heartbeat(now);
    this.panel.advance(now);
    return this.#takeEffects();
  }

  /** All agents with their current state. */
  get staff(): readonly DirectoryEntry[] {
    return this.#agents;
  }

  /** What really happens in the queues. */
  get truth(): QueueTruth {
    return this.#books;
  }

  /** Closes the center: ends all contacts and logs all agents out. */
  close(now: number): Effect[] {
    this.#closed = true;
    for (const contact of [...this.#books.running.values()]) closeContact(this.#context, contact, now);
    this.panel.close(now);
    for (const agent of this.#agents) {
      if (agent.signedIn) agent.logout(now);
      agent.shift = { kind: "off", until: Number.POSITIVE_INFINITY };
    }
    return this.#takeEffects();
  }

  #takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #advanceShifts(now: number): void {
    const [calls, idle] = [this.#calls(), this.#idleAgents().length];
    const waitingCalls = calls.filter(({ stage }) => stage.kind === "waiting").length;
    const missing = this.#options.calls - calls.length + waitingCalls;
    const working = this.#agents.filter(({ shift, snapshot }) => shift.kind === "on" && snapshot.nextStatus === null).length;
    const away = this.#agents.length - working;
    const leave = {
      idle: idle - missing - 1,
      all: Math.min(Math.ceil(this.#agents.length * AWAY_SHARE) - away, working - this.#options.calls - 1),
    };
    for (const agent of this.#agents) this.#shifts.advanceShift(agent, leave, now);
  }

  /** Starts transcribed calls while there are too few and an idle agent is left for each waiting call. */
  #startCalls(now: number): void {
    const gap = Math.min(LONGEST_GAP_MS, FIRST_CALLS_WITHIN_MS / this.#options.calls);
    const calls = this.#calls();
    let missing = this.#options.calls - calls.length;
    let free = this.#idleAgents().length - calls.filter(({ stage }) => stage.kind === "waiting").length;
    while (missing > 0 && free > 0 && now >= this.#nextCallAt) {
      const [first, ...others] = this.#idleAgents();
      if (first === undefined) return;
      const { team } = this.#random.pick([first, ...others]).profile;
      this.#start.beginCall(now, newCall(this.#random.pick(team.queues), this.#nextArc(), this.#random));
      this.#nextCallAt = Math.max(this.#nextCallAt + gap, now - LONGEST_GAP_MS);
      free -= 1;
      missing -= 1;
    }
  }

  #route(now: number): void {
    const reserved = Math.max(0, this.#options.calls - this.#calls().length);
    const state = { contacts: this.#books.running.values(), agents: this.#agents, reserved };
    routeContacts(state, (contact, agent) => this.#course.offerContact(contact, agent, now), now);
  }

  /** How many contacts wait in a queue or are on the way into it. */
  #waitingByQueue(): Map<Queue, number> {
    const waiting = new Map<Queue, number>();
    for (const { queue, stage } of this.#books.running.values()) {
      if (stage.kind === "waiting" || stage.kind === "entering") waiting.set(queue, (waiting.get(queue) ?? 0) + 1);
    }
    return waiting;
  }

  /** Uses every sentiment arc once before it uses one again, so that a few calls differ from each other. */
  #nextArc(): SentimentArc {
    if (this.#arcs.length === 0) this.#arcs = this.#random.shuffled(SENTIMENT_ARCS);
    return this.#arcs.pop() ?? "flat";
  }

  #calls(): RunningContact[] {
    return [...this.#books.running.values()].filter(({ call }) => call !== null);
  }

  #idleAgents(): SimulatedAgent[] {
    return this.#agents.filter((agent) => agent.idle);
  }
}
