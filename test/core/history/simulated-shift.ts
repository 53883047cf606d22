import type { AgentContact, AgentSnapshotBody, Update } from "../../../protocol/updates.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { aContact, anAgentState } from "../../support/updates.ts";

const SECOND = 1000;

interface TruePhase {
  state: AgentContact["state"];
  /** Seconds since the shift began. */
  from: number;
  until: number;
}

interface TrueContact {
  contactId: string;
  channel: "voice" | "chat";
  phases: TruePhase[];
}

interface TrueStatus {
  name: "Available" | "Almuerzo" | "Offline";
  from: number;
}

/** What really happened in a shift, counted second by second, without the code that it judges. Times are seconds. */
export interface ShiftTruth {
  handled: number;
  missed: number;
  talk: number;
  hold: number;
  afterCall: number;
  handleTimes: number[];
  signedIn: number;
  lunch: number;
  busy: number;
  idle: number;
}

/** The shift of one agent as it really is. Odd agents take calls, even ones two chats at once. Times are whole seconds. */
export class SimulatedShift {
  readonly agentId: string;
  readonly #random: SeededRandom;
  readonly #from: number;
  readonly #length: number;
  readonly #statuses: TrueStatus[] = [{ name: "Available", from: 0 }];
  readonly #contacts: TrueContact[] = [];

  /** @param from when it begins, epoch ms @param length seconds */
  constructor(seed: number, from: number, length: number) {
    this.agentId = `agent-${seed}`;
    this.#random = new SeededRandom(seed);
    this.#from = from;
    this.#length = length;
    const lunch = this.#between(length * 0.4, length * 0.6);
    const back = lunch + this.#between(900, 1800);
    const [voice, lanes] = [seed % 2 === 1, seed % 2 === 1 ? 1 : 2];
    for (let lane = 0; lane < lanes; lane += 1) {
      this.#fillLane(5, lunch - 1, voice, lane);
      this.#fillLane(back + 5, length - 1, voice, lane);
    }
    this.#statuses.push({ name: "Almuerzo", from: lunch }, { name: "Available", from: back }, { name: "Offline", from: length });
  }

  /** What the agent's stream and the lists say, in the order of time: all changes, and a heartbeat each two minutes. */
  updates(): Update[] {
    const times = new Set([
      ...this.#statuses.map(({ from }) => from),
      ...this.#contacts.flatMap(({ phases }) => timesOf(phases)),
    ]);
    const updates: Update[] = [...times].map((time) =>
      anAgentState({ ...this.#shownAt(time), agentId: this.agentId, occurredAt: this.#at(time) }),
    );
    for (let time = 60; time < this.#length; time += 120) {
      if (times.has(time)) continue;
      updates.push({ type: "agent.heartbeat", agentId: this.agentId, occurredAt: this.#at(time), snapshot: this.#shownAt(time) });
    }
    return updates;
  }

  truth(): ShiftTruth {
    const sums = { talk: 0, hold: 0, afterCall: 0, signedIn: 0, lunch: 0, busy: 0, idle: 0 };
    const states: TruePhase["state"][][] = Array.from({ length: this.#length }, () => []);
    for (const { state, from, until } of this.#contacts.flatMap(({ phases }) => phases))
      for (let second = from; second < until; second += 1) states[second]?.push(state);
    for (const [second, now] of states.entries()) {
      const status = this.#statusAt(second).name;
      sums.talk += now.filter((state) => state === "connected").length;
      sums.hold += now.filter((state) => state === "hold").length;
      sums.afterCall += now.filter((state) => state === "ended").length;
      sums.signedIn += status === "Offline" ? 0 : 1;
      sums.lunch += status === "Almuerzo" ? 1 : 0;
      if (now.some((state) => ["connected", "hold", "ended"].includes(state))) sums.busy += 1;
      else if (now.length === 0 && status === "Available") sums.idle += 1;
    }
    const handleTimes = this.#contacts.flatMap(({ phases }) => {
      const [answered, last] = [phases.find(({ state }) => state === "connected"), phases.at(-1)];
      return answered === undefined || last === undefined ? [] : [last.until - answered.from];
    });
    const missed = this.#contacts.filter(({ phases }) => phases.some(({ state }) => state === "missed")).length;
    return { ...sums, handleTimes, handled: handleTimes.length, missed };
  }

  /** Contacts one after the other, until `end`. */
  #fillLane(begin: number, end: number, voice: boolean, lane: number): void {
    for (let time = begin + this.#between(10, 200); ; time += this.#between(15, 240)) {
      const phases = this.#phases(time, voice);
      const last = phases.at(-1)?.until ?? end;
      if (last >= end) return;
      this.#contacts.push({ contactId: `${this.agentId}-${lane}-${time}`, channel: voice ? "voice" : "chat", phases });
      time = last;
    }
  }

  #phases(begin: number, voice: boolean): TruePhase[] {
    const phases: TruePhase[] = [];
    let from = begin;
    const add = (state: TruePhase["state"], seconds: number) => {
      phases.push({ state, from, until: from + seconds });
      from += seconds;
    };
    add("ringing", this.#between(2, 20));
    if (this.#random.next() < 0.12) add("missed", this.#between(5, 40));
    else {
      add("connected", this.#between(20, 300));
      if (voice && this.#random.next() < 0.3) {
        add("hold", this.#between(5, 90));
        add("connected", this.#between(5, 120));
      }
      add("ended", this.#between(3, 90));
    }
    return phases;
  }

  #shownAt(second: number): AgentSnapshotBody {
    const { name, from } = this.#statusAt(second);
    const kind = name === "Available" ? "routable" : name === "Offline" ? "offline" : "custom";
    const contacts = this.#contacts.flatMap(({ contactId, channel, phases }) => {
      const phase = phases.find((each) => covers(each, second));
      if (phase === undefined) return [];
      const answered = phases.find(({ state }) => state === "connected")?.from;
      const connectedAt = answered !== undefined && answered <= second ? this.#at(answered) : null;
      return [aContact({ contactId, channel, state: phase.state, since: this.#at(phase.from), connectedAt })];
    });
    const { type: _, agentId: __, occurredAt: ___, ...body } = anAgentState();
    return { ...body, signedIn: name !== "Offline", status: { name, kind, since: this.#at(from) }, contacts };
  }

  #statusAt(second: number): TrueStatus {
    return this.#statuses.findLast(({ from }) => from <= second) ?? { name: "Available", from: 0 };
  }

  #at(second: number): number {
    return this.#from + second * SECOND;
  }

  #between(from: number, to: number): number {
    return Math.round(from + this.#random.next() * (to - from));
  }
}

function covers({ from, until }: TruePhase, second: number): boolean {
  return from <= second && second < until;
}

function timesOf(phases: readonly TruePhase[]): number[] {
  return phases.flatMap(({ from, until }) => [from, until]);
}
