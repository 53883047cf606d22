import { useState } from "react";
import type { AgentContactRow } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { hasContact } from "../model/contacts.ts";

/** What the hub said of the contact last. It says nothing more once the contact is over. */
export type ContactMemory = Pick<AgentView, "sentiment" | "categories">;

interface Shown {
  agentId: string;
  contactId: string;
  /** As it last was. Null: an older hub says nothing about it, or it was over before. */
  row: AgentContactRow | null;
  memory: ContactMemory;
  /** The contact that was on the page before: the way back to it. */
  previous: AgentContactRow | null;
}

export interface ShownContact {
  contactId: string | null;
  row: AgentContactRow | null;
  memory: ContactMemory;
  /** Whether the agent no longer has it. */
  over: boolean;
  /** The contact that was on the page before, if it is over. */
  previous: AgentContactRow | null;
}

const NOTHING_KNOWN: ContactMemory = { sentiment: null, categories: [] };

/**
 * Returns which contact of the agent the panel shows: the reader's choice, else the one that decided the status when the panel
 * opened. It stays after its end, so that nobody loses what they read; the panel offers the next one.
 * @param choice the id of the contact that the reader chose; null = none.
 */
export function useShownContact(agent: AgentView | undefined, choice: string | null): ShownContact {
  const [state, setState] = useState<Shown | null>(null);
  const before = agent === undefined || state?.agentId === agent.agentId ? state : null;
  const shown = agent === undefined ? before : nextShown(agent, before, choice);
  if (!sameShown(shown, before)) setState(shown);
  if (shown === null || agent === undefined) {
    return { contactId: choice, row: null, memory: NOTHING_KNOWN, over: choice !== null, previous: null };
  }
  const { contactId, row, memory, previous } = shown;
  const previousOver = previous !== null && previous.contactId !== contactId && !hasContact(agent, previous.contactId);
  return { contactId, row, memory, over: !hasContact(agent, contactId), previous: previousOver ? previous : null };
}

function nextShown(agent: AgentView, before: Shown | null, choice: string | null): Shown | null {
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

function sameShown(a: Shown | null, b: Shown | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.contactId === b.contactId &&
    a.agentId === b.agentId &&
    a.row === b.row &&
    a.memory.sentiment === b.memory.sentiment &&
    a.memory.categories === b.memory.categories
  );
}
