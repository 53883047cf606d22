import type { Channel } from "../../protocol/agent.ts";
import type { AgentContact } from "../../protocol/updates.ts";
import { Multimap } from "../board/multimap.ts";
import { isTalk } from "./consultations.ts";
import { type ContactIds, keysOf } from "./contact-index.ts";

/** Which agents hold which contacts now. */
export class ContactAssignments {
  readonly #contactsByAgent = new Map<string, readonly AgentContact[]>();
  readonly #agentsByKey = new Multimap<string, string>();

  /** Replaces the contacts that the agent holds. */
  assign(agentId: string, contacts: readonly AgentContact[]): void {
    for (const key of this.contactsOf(agentId).flatMap(keysOf)) this.#agentsByKey.deleteValue(key, agentId);
    if (contacts.length === 0) this.#contactsByAgent.delete(agentId);
    else this.#contactsByAgent.set(agentId, contacts);
    for (const key of contacts.flatMap(keysOf)) this.#agentsByKey.addValue(key, agentId);
  }

  /** The contacts that the agent holds, as they were assigned last. */
  contactsOf(agentId: string): readonly AgentContact[] {
    return this.#contactsByAgent.get(agentId) ?? [];
  }

  /** The agents to whom the contact belongs, by its own id or by that of the call's first contact. */
  agentsOf(contact: ContactIds): Set<string> {
    const agentIds = new Set<string>();
    for (const key of keysOf(contact)) for (const agentId of this.#agentsByKey.valuesOf(key)) agentIds.add(agentId);
    return agentIds;
  }

  /** Whether an agent talks on exactly this contact, holds it, or is offered it. */
  isOpen(contactId: string): boolean {
    const agents = [...this.#agentsByKey.valuesOf(contactId)];
    const held = agents.flatMap((agentId) => this.contactsOf(agentId)).filter((contact) => contact.contactId === contactId);
    return held.some(({ state }) => isTalk(state) || state === "ringing");
  }

  /** The channels of the contact, as the agents that hold it or another part of the same conversation report them. */
  channelsOf(contact: ContactIds): Channel[] {
    const keys = keysOf(contact);
    const channels = new Set<Channel>();
    for (const agentId of this.agentsOf(contact)) {
      for (const one of this.contactsOf(agentId)) if (keysOf(one).some((key) => keys.includes(key))) channels.add(one.channel);
    }
    return [...channels].sort();
  }

  /** The contact with exactly this id, as the agent that holds it reports it. */
  contact(contactId: string): AgentContact | undefined {
    for (const agentId of this.#agentsByKey.valuesOf(contactId)) {
      const found = this.contactsOf(agentId).find((contact) => contact.contactId === contactId);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
