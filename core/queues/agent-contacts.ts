import type { AgentContact, Update } from "../../protocol/updates.ts";
import { Multimap } from "../board/multimap.ts";

/** That an agent talks on a contact, by the agent's own news. */
export interface Talk {
  contactId: string;
  /** Epoch ms. */
  talkedAt: number;
}

/** So many talks are remembered whose contact is not known yet: the news of both come over different ways. */
const MAX_EARLY_TALKS = 10_000;

/** Which contacts ring at which agents, and talks on contacts of which no queue has been heard yet. */
export class AgentContacts {
  /** Agent -> its contacts as they were assigned last. Most news of an agent leaves them alone. */
  readonly #assigned = new Map<string, readonly AgentContact[]>();
  readonly #ringingOf = new Map<string, readonly string[]>();
  readonly #ringingAt = new Multimap<string, string>();
  readonly #earlyTalks = new Map<string, number>();

  /** Replaces the contacts of an agent. Returns the contacts that began or stopped to ring there. */
  assignContacts(agentId: string, contacts: readonly AgentContact[]): string[] {
    if (this.#assigned.get(agentId) === contacts) return [];
    if (contacts.length === 0) this.#assigned.delete(agentId);
    else this.#assigned.set(agentId, contacts);
    const before = this.#ringingOf.get(agentId) ?? [];
    const after = contacts.filter(({ state }) => state === "ringing").map(({ contactId }) => contactId);
    for (const contactId of before) this.#ringingAt.deleteValue(contactId, agentId);
    for (const contactId of after) this.#ringingAt.addValue(contactId, agentId);
    if (after.length === 0) this.#ringingOf.delete(agentId);
    else this.#ringingOf.set(agentId, after);
    return [...before.filter((id) => !after.includes(id)), ...after.filter((id) => !before.includes(id))];
  }

  isRinging(contactId: string): boolean {
    for (const _ of this.#ringingAt.valuesOf(contactId)) return true;
    return false;
  }

  /** The agent at whom the contact rings; of several the one with the smallest id. null = it rings nowhere. */
  ringingAt(contactId: string): string | null {
    return [...this.#ringingAt.valuesOf(contactId)].sort()[0] ?? null;
  }

  /** Remembers a talk. Returns whether it is news. */
  noteEarlyTalk({ contactId, talkedAt }: Talk): boolean {
    if ((this.#earlyTalks.get(contactId) ?? 0) >= talkedAt) return false;
    this.#earlyTalks.delete(contactId);
    this.#earlyTalks.set(contactId, talkedAt);
    const [oldest] = this.#earlyTalks.keys();
    if (this.#earlyTalks.size > MAX_EARLY_TALKS && oldest !== undefined) this.#earlyTalks.delete(oldest);
    return true;
  }

  /** Since when an agent was seen to talk on the contact, epoch ms; null = nobody was. */
  earlyTalk(contactId: string): number | null {
    return this.#earlyTalks.get(contactId) ?? null;
  }
}

/** The talks that an update of agents reports, also one that comes late: what began then is a fact for ever. */
export function talksOfUpdate(update: Update): Talk[] {
  switch (update.type) {
    case "agent.state":
      return talksOf(update.contacts);
    case "agent.heartbeat":
      return talksOf(update.snapshot?.contacts ?? []);
    case "roster.snapshot":
      return update.agents.flatMap(({ contacts }) => talksOf(contacts));
    default:
      return [];
  }
}

/** The talks among an agent's contacts. */
export function talksOf(contacts: readonly AgentContact[]): Talk[] {
  return contacts.flatMap(({ contactId, state, connectedAt, since }) => {
    const talkedAt = connectedAt ?? (state === "connected" || state === "hold" ? since : null);
    return talkedAt === null || state === "ringing" ? [] : [{ contactId, talkedAt }];
  });
}
