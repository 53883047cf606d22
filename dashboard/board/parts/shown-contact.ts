import { useState } from "react";
import type { AgentContactRow } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { contactToShow } from "../model/contacts.ts";

interface Shown {
  agentId: string;
  contactId: string;
  /** The reader chose this contact, so no other one takes its place. */
  chosen: boolean;
  /** As it last was. Null: an older hub says nothing about it. */
  row: AgentContactRow | null;
  /** The contact that was on the page before, after its end: the way back to it. */
  previous: AgentContactRow | null;
}

export interface ShownContact {
  contactId: string | null;
  row: AgentContactRow | null;
  /** A contact that is over, but still on the page or just before it. */
  ended: AgentContactRow | null;
  choose: (contactId: string) => void;
}

/**
 * Returns which contact of the agent the panel shows. It stays until it is over and another one begins, and longer if the reader
 * chose it or reads in it.
 * @param reading the reader has scrolled up in the transcript.
 */
export function useShownContact(agent: AgentView | undefined, reading: boolean): ShownContact {
  const [state, setState] = useState<Shown | null>(null);
  const before = agent === undefined || state?.agentId === agent.agentId ? state : null;
  const shown = agent === undefined ? before : nextShown(agent, before, reading);
  if (!sameShown(shown, before)) setState(shown);
  if (shown === null) return { contactId: null, row: null, ended: null, choose: () => {} };
  const { contactId, row, previous } = shown;
  const contacts = agent?.contacts ?? [];
  const over = (contact: AgentContactRow | null) =>
    contact !== null && !contacts.some((other) => other.contactId === contact.contactId);
  return {
    contactId,
    row,
    ended: [row, previous].find(over) ?? null,
    choose: (next) => {
      const chosenRow = [...contacts, row, previous].find((contact) => contact?.contactId === next) ?? null;
      setState({ ...shown, contactId: next, chosen: true, row: chosenRow, previous: over(row) ? row : previous });
    },
  };
}

function nextShown(agent: AgentView, before: Shown | null, reading: boolean): Shown | null {
  const contactId = contactToShow(agent, before?.contactId ?? null, before?.chosen === true || reading);
  if (contactId === null) return null;
  const row = agent.contacts?.find((contact) => contact.contactId === contactId);
  if (before?.contactId === contactId) return { ...before, row: row ?? before.row };
  return { agentId: agent.agentId, contactId, chosen: false, row: row ?? null, previous: before?.row ?? null };
}

function sameShown(a: Shown | null, b: Shown | null): boolean {
  return a === b || (a !== null && b !== null && a.contactId === b.contactId && a.agentId === b.agentId && a.row === b.row);
}
