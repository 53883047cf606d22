import type { AgentEvent, AgentSnapshot, ContactSnapshot, EventType, StatusSnapshot } from "./agent-event.ts";
import type { RandomSource } from "./random.ts";
import type { AgentProfile } from "./staff.ts";

/** What an agent is busy with; `until` is when that ends. */
export type Activity =
  | { kind: "off"; until: number }
  | { kind: "idle"; since: number; breakAt: number; homeAt: number }
  | { kind: "break"; until: number; homeAt: number }
  | { kind: "call"; homeAt: number }
  /** After-call work, or a missed call that nobody has clicked away yet. */
  | { kind: "clearing"; until: number; homeAt: number };

/** Amazon Connect repeats an agent's snapshot this often when nothing else happens… */
const HEARTBEAT_MS = 120_000;
/** …and goes on for an hour after the agent has logged out. */
const HEARTBEAT_AFTER_LOGOUT_MS = 3_600_000;

/** One agent at work, and the events Amazon Connect writes about that. */
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

  /** `since` may lie in the past: the agent was there before we looked. */
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

  /** The contact as it is now; null = the agent has cleared it. */
  showContact(now: number, contact: ContactSnapshot | null): void {
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts: contact === null ? [] : [contact] });
  }

  /** The same contact in another state. */
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
    // No two events of one agent carry the same time, as their order would be lost.
    const at = Math.max(now, this.#lastEventAt + 1);
    this.#snapshot = current;
    this.#lastEventAt = at;
    this.#publish({ type, eventId: this.#random.uuid(), at, agent: this.profile, current, previous });
  }
}
