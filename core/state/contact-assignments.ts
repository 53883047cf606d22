import type { AgentContact } from "../../protocol/updates.ts";
import { keysOf } from "./contact-record.ts";

/** Which agents hold which contacts now. */
export class ContactAssignments {
  readonly #held = new Map<string, readonly AgentContact[]>();
  readonly #byKey = new Map<string, Set<string>>();

  /** Replaces what the agent holds. */
  set(agentId: string, contacts: readonly AgentContact[]): void {
    for (const key of (this.#held.get(agentId) ?? []).flatMap(keysOf)) {
      const agents = this.#byKey.get(key);
      agents?.delete(agentId);
      if (agents?.size === 0) this.#byKey.delete(key);
    }
    if (contacts.length === 0) this.#held.delete(agentId);
    else this.#held.set(agentId, contacts);
    for (const key of contacts.flatMap(keysOf)) {
      const agents = this.#byKey.get(key) ?? new Set();
      this.#byKey.set(key, agents.add(agentId));
    }
  }

  /** The agents to whom the contact belongs, by its own id or by that of the call's first contact. */
  of(contact: { contactId: string; initialContactId: string | null }): Set<string> {
    const agents = new Set<string>();
    for (const key of keysOf(contact)) for (const agentId of this.#byKey.get(key) ?? []) agents.add(agentId);
    return agents;
  }

  /** The contact with exactly this id, as the agent that holds it reports it. */
  contact(contactId: string): AgentContact | undefined {
    for (const agentId of this.#byKey.get(contactId) ?? []) {
      const found = this.#held.get(agentId)?.find((contact) => contact.contactId === contactId);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
