import type { AgentEvent, AgentSnapshot, ContactSnapshot, EventType, StatusSnapshot } from "./agent-event.ts";
import type { RandomSource } from "./random.ts";
import type { AgentProfile } from "./staff.ts";

/** An agent's activity. `until` is its end. */
export type Activity =
  | { kind: "off"; until: number }
  | { kind: "idle"; since: number; breakAt: number; homeAt: number }
  | { kind: "break"; until: number; homeAt: number }
  | { kind: "call"; homeAt: number }
  /** After-call work, or a missed call that the agent has not cleared yet. */
  | { kind: "clearing"; until: number; homeAt: number };

/** Amazon Connect repeats an agent's snapshot at this interval when nothing else happens. */
const HEARTBEAT_MS = 120_000;
/** Amazon Connect sends heartbeats for an hour after an agent has logged out. */
const HEARTBEAT_AFTER_LOGOUT_MS = 3_600_000;

/** One agent at work. It publishes the events that Amazon Connect would write. */
export class SimulatedAgent {
  readonly profile: AgentProfile;
  activity: Activity;
  readonly #random: RandomSource;
  readonly #publish: (event: AgentEvent) => void;
  #snapshot: AgentSnapshot;
  #lastEventAt = 0;
  #loggedOutAt: number | null = null;

  constructor(agent: AgentProfile, activity: Activity, random: RandomSource, publish: (event: AgentEvent) => void) {
    this.profile = agent;
    this.activity = activity;
    this.#random = random;
    this.#publish = publish;
    this.#snapshot = { status: { name: "Offline", type: "OFFLINE", since: 0 }, contacts: [] };
  }

  get signedIn(): boolean {
    return this.activity.kind !== "off";
  }

  get snapshot(): AgentSnapshot {
    return this.#snapshot;
  }

  /** `status.since` may lie in the past, because agents signed in before the simulation began. */
  login(now: number, status: StatusSnapshot): void {
    this.#loggedOutAt = null;
    this.#emit("LOGIN", now, { status, contacts: [] });
  }

  logout(now: number): void {
    this.#loggedOutAt = now;
    this.#emit("LOGOUT", now, { status: { name: "Offline", type: "OFFLINE", since: now }, contacts: [] });
  }

  changeStatus(now: number, status: StatusSnapshot): void {
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, status });
  }

  /** Publishes the agent's contact, or null when the agent has cleared it. */
  showContact(now: number, contact: ContactSnapshot | null): void {
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts: contact === null ? [] : [contact] });
  }

  /** Publishes a new state of the same contact. */
  moveContact(now: number, change: Partial<ContactSnapshot>): void {
    const contacts = this.#snapshot.contacts.map((contact) => ({ ...contact, ...change, since: now }));
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts });
  }

  heartbeat(now: number): void {
    if (now - this.#lastEventAt < HEARTBEAT_MS) return;
    const gone = this.#loggedOutAt !== null && now - this.#loggedOutAt > HEARTBEAT_AFTER_LOGOUT_MS;
    if (!gone) this.#emit("HEART_BEAT", now, this.#snapshot);
  }

  #emit(type: EventType, now: number, current: AgentSnapshot): void {
    const previous = type === "STATE_CHANGE" ? this.#snapshot : null;
    // Two events of one agent may have one time, as in Amazon Connect. The stream keeps their order.
    const at = Math.max(now, this.#lastEventAt);
    this.#snapshot = current;
    this.#lastEventAt = at;
    this.#publish({ type, eventId: this.#random.uuid(), at, agent: this.profile, current, previous });
  }
}
