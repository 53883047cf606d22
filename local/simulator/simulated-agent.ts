import type { AgentEvent, AgentSnapshot, ContactSnapshot, ContactState, EventType, StatusSnapshot } from "./agent-event.ts";
import type { SimulatedContact } from "./contact-event.ts";
import type { RandomSource } from "./random.ts";
import type { AgentProfile, ConnectChannel } from "./staff.ts";

/** An agent's working day. `until` is the end of the stage. */
export type Shift =
  | { kind: "off"; until: number }
  | { kind: "on"; breakAt: number; homeAt: number }
  | { kind: "break"; until: number; homeAt: number };

/** A contact that the agent still sees, although the customer has gone or the offer is over. */
interface Clearing {
  contactId: string;
  until: number;
  /** The contact that ended, with the agent's after-contact work. null = it goes on elsewhere. */
  ended: SimulatedContact | null;
}

/** Amazon Connect repeats an agent's snapshot at this interval when nothing else happens. */
const HEARTBEAT_MS = 120_000;
/** Amazon Connect sends heartbeats for an hour after an agent has logged out. */
const HEARTBEAT_AFTER_LOGOUT_MS = 3_600_000;
/** An agent who shows one of these gets no contact before the agent has cleared it. */
const UNROUTABLE: ReadonlySet<ContactState> = new Set(["MISSED", "REJECTED", "ERROR"]);

/** One agent at work. It publishes the events that Amazon Connect would write. */
export class SimulatedAgent {
  readonly profile: AgentProfile;
  shift: Shift = { kind: "off", until: 0 };
  /** Since when the agent is available and has no contact, epoch ms. */
  idleSince = 0;
  readonly #random: RandomSource;
  readonly #publish: (event: AgentEvent) => void;
  #snapshot: AgentSnapshot = { status: { name: "Offline", type: "OFFLINE", since: 0 }, nextStatus: null, contacts: [] };
  #clearings: Clearing[] = [];
  #lastEventAt = 0;
  #loggedOutAt: number | null = null;

  constructor(agent: AgentProfile, random: RandomSource, publish: (event: AgentEvent) => void) {
    this.profile = agent;
    this.#random = random;
    this.#publish = publish;
  }

  get signedIn(): boolean {
    return this.shift.kind !== "off";
  }

  get snapshot(): AgentSnapshot {
    return this.#snapshot;
  }

  /** Whether the agent is available and has no contact. */
  get idle(): boolean {
    return this.shift.kind === "on" && this.#snapshot.nextStatus === null && this.#snapshot.contacts.length === 0;
  }

  /** How many contacts of this channel the agent has, with those that are not cleared. */
  contactsOf(channel: ConnectChannel): number {
    return this.#snapshot.contacts.filter((contact) => contact.channel === channel).length;
  }

  /** Whether Amazon Connect may offer the agent one more contact of this channel. */
  freeFor(channel: ConnectChannel): boolean {
    const { contacts, nextStatus } = this.#snapshot;
    const { concurrency, crossChannel } = this.profile.team;
    if (this.shift.kind !== "on" || nextStatus !== null || contacts.some(({ state }) => UNROUTABLE.has(state))) return false;
    if (!crossChannel && contacts.some((contact) => contact.channel !== channel)) return false;
    return this.contactsOf(channel) < (concurrency[channel] ?? 0);
  }

  /** `status.since` may lie in the past, because agents signed in before the simulation began. */
  login(now: number, status: StatusSnapshot): void {
    this.#loggedOutAt = null;
    this.idleSince = status.since;
    this.#emit("LOGIN", now, { status, nextStatus: null, contacts: [] });
  }

  logout(now: number): void {
    this.#loggedOutAt = now;
    this.#clearings = [];
    this.#emit("LOGOUT", now, { status: { name: "Offline", type: "OFFLINE", since: now }, nextStatus: null, contacts: [] });
  }

  changeStatus(now: number, status: StatusSnapshot): void {
    this.idleSince = status.since;
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, status, nextStatus: null });
  }

  /** The agent chooses the status that follows the present contacts, and gets no more of them. null = the agent goes on as before. */
  chooseNextStatus(now: number, status: Pick<StatusSnapshot, "name" | "type"> | null): void {
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, nextStatus: status && { ...status, since: now } });
  }

  /** Lets the agent clear a contact at once. */
  clearSoon(contactId: string, now: number): void {
    for (const clearing of this.#clearings) if (clearing.contactId === contactId) clearing.until = now;
  }

  addContact(now: number, contact: ContactSnapshot): void {
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts: [...this.#snapshot.contacts, contact] });
  }

  /** Publishes a new state of a contact. */
  moveContact(now: number, contactId: string, change: Partial<ContactSnapshot>): void {
    const contacts = this.#snapshot.contacts.map((contact) =>
      contact.contactId === contactId ? { ...contact, ...change, since: now } : contact,
    );
    this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts });
  }

  /** Publishes the last state of a contact. The agent clears it at `until`. */
  finishContact(now: number, contactId: string, state: ContactState, until: number, ended: SimulatedContact | null): void {
    this.moveContact(now, contactId, { state });
    this.#clearings.push({ contactId, until, ended });
  }

  /** Clears the contacts that are due. Returns those of them that ended, with the time at which their work is over. */
  clearContacts(now: number): SimulatedContact[] {
    if (!this.#clearings.some(({ until }) => now >= until)) return [];
    const due = this.#clearings.filter(({ until }) => now >= until);
    this.#clearings = this.#clearings.filter(({ until }) => now < until);
    for (const { contactId } of due) {
      const contacts = this.#snapshot.contacts.filter((contact) => contact.contactId !== contactId);
      if (contacts.length === 0) this.idleSince = now;
      this.#emit("STATE_CHANGE", now, { ...this.#snapshot, contacts });
    }
    return due.flatMap(({ ended }) => (ended === null ? [] : [ended]));
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
