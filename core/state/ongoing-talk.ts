import type { AgentRecord } from "./agent-record.ts";
import { isTalk } from "./consultations.ts";
import type { ContactAssignments } from "./contact-assignments.ts";
import type { ContactIndex } from "./contact-index.ts";
import { type ContactRecord, endOfContact } from "./contact-record.ts";
import { effectiveState } from "./effective-state.ts";
import type { Listing } from "./listing.ts";
import { isOutlived } from "./public-agent.ts";

/** The agents, as they are at the moment. */
interface KnownAgents {
  record(agentId: string): AgentRecord;
  readonly listing: Listing;
}

/** Knows which contacts belong to calls on which agents still talk. */
export class OngoingTalk {
  readonly #contacts: ContactIndex;
  readonly #assignments: ContactAssignments;
  readonly #agents: KnownAgents;

  constructor(contacts: ContactIndex, assignments: ContactAssignments, agents: KnownAgents) {
    this.#contacts = contacts;
    this.#assignments = assignments;
    this.#agents = agents;
  }

  /** The known contacts of all calls that the agents hold. One may come twice. */
  heldBy(agentIds: Iterable<string>): ContactRecord[] {
    const held = [...agentIds].flatMap((agentId) => this.#assignments.contactsOf(agentId));
    return held.flatMap((contact) => this.#contacts.matches(contact));
  }

  /** The groups of an agent by the newest news, also in the middle of a batch. */
  groupsOf(agentId: string): readonly string[] {
    return effectiveState(this.#agents.record(agentId), this.#agents.listing)?.groups ?? [];
  }

  /** Whether only the contact's own end says that an agent no longer talks on it. */
  isOutlived(contact: ContactRecord): boolean {
    return [...this.#assignments.agentsOf(contact)].some((agentId) => this.#isOver(contact, agentId));
  }

  /**
   * Whether the contact has ended, but the call goes on: an agent talks on another contact of it. Until then that agent's score and
   * transcript may come from the contact that has ended.
   */
  isOutlasted(contact: ContactRecord): boolean {
    if (endOfContact(contact) === null) return false;
    return [...this.#assignments.agentsOf(contact)].some((agentId) => {
      const talks = this.#assignments.contactsOf(agentId).filter(({ state }) => isTalk(state));
      return talks.some((held) => {
        if (held.contactId === contact.contactId) return false;
        const known = this.#contacts.matches(held);
        const own = known.find(({ contactId }) => contactId === held.contactId);
        const belongs = known.some(({ contactId }) => contactId === contact.contactId);
        return belongs && (own === undefined || !this.#isOver(own, agentId));
      });
    });
  }

  /** Adds the ids of those contacts that have ended and whose call goes on. */
  noteOutlasted(contacts: readonly ContactRecord[], outlasted: Set<string>): void {
    for (const contact of contacts) if (this.isOutlasted(contact)) outlasted.add(contact.contactId);
  }

  #isOver(contact: ContactRecord, agentId: string): boolean {
    return isOutlived(this.#agents.record(agentId), this.#agents.listing, contact);
  }
}
