import type { AgentContactRow } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";

/** What the hub said of the contact last. It says nothing more once the contact is over. */
export type ContactMemory = Pick<AgentView, "sentiment" | "categories">;

/** The contact on the page. */
export interface ContactOnPage {
  agentId: string;
  contactId: string;
  /** As it last was. Null: an older hub says nothing about it, or it was over before. */
  row: AgentContactRow | null;
  memory: ContactMemory;
  /** The contact that was on the page before: the way back to it. */
  previous: AgentContactRow | null;
}

export const NOTHING_KNOWN: ContactMemory = { sentiment: null, categories: [] };

/**
 * Returns the contact to show: the reader's choice, else the one on the page, else the one that decides the status. So it stays when
 * another one decides, and after its end.
 * @param before what the page shows of the same agent; null = nothing.
 * @param choice the id of the contact that the reader chose; null = none.
 */
export function nextShown(agent: AgentView, before: ContactOnPage | null, choice: string | null): ContactOnPage | null {
  const { agentId, contacts } = agent;
  const contactId = choice ?? before?.contactId ?? agent.contactId;
  if (contactId === null) return null;
  const same = before?.contactId === contactId ? before : null;
  const row = contacts?.find((contact) => contact.contactId === contactId) ?? same?.row ?? null;
  const memory = same?.memory ?? NOTHING_KNOWN;
  return {
    agentId,
    contactId,
    row,
    // What the hub says of the agent's sentiment is about the deciding contact only, and in after contact work it says nothing.
    memory:
      agent.contactId === contactId
        ? {
            sentiment: agent.sentiment ?? memory.sentiment,
            categories: agent.categories.length > 0 ? agent.categories : memory.categories,
          }
        : memory,
    previous: same === null ? (before?.row ?? null) : same.previous,
  };
}

/** Whether the page would look the same. */
export function sameShown(a: ContactOnPage | null, b: ContactOnPage | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.contactId === b.contactId &&
    a.agentId === b.agentId &&
    a.row === b.row &&
    a.memory.sentiment === b.memory.sentiment &&
    a.memory.categories === b.memory.categories
  );
}
