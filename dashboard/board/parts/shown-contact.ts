import { useState } from "react";
import type { AgentContactRow } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { hasContact } from "../model/contacts.ts";
import { type ContactMemory, type ContactOnPage, NOTHING_KNOWN, nextShown, sameShown } from "../model/shown-contact.ts";

export interface ShownContact {
  contactId: string | null;
  row: AgentContactRow | null;
  memory: ContactMemory;
  /** Whether the agent no longer has it. */
  over: boolean;
  /** The contact that was on the page before, if it is over. */
  previous: AgentContactRow | null;
}

/**
 * Returns which contact of the agent the panel shows: the reader's choice, else the one that decided the status when the panel
 * opened. It stays after its end, so that nobody loses what they read; the panel offers the next one.
 * @param choice the id of the contact that the reader chose; null = none.
 */
export function useShownContact(agent: AgentView | undefined, choice: string | null): ShownContact {
  const [state, setState] = useState<ContactOnPage | null>(null);
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
