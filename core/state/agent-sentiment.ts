import type { Sentiment } from "../../protocol/agent.ts";
import type { ContactTurn, Update } from "../../protocol/updates.ts";
import type { BoardRow } from "../board/collection.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import type { ContactRecord } from "./contact-record.ts";
import type { StateStore, StoredState } from "./ports.ts";

/**
 * For a hub that does not keep how agents feel (`SHOW_AGENT_SENTIMENT=false`). Works councils ask for that. The agent's side then
 * looks as before its first turn, which every client understands.
 */

const UNKNOWN: Sentiment = { score: null, quarters: [null, null, null, null], recent: null };

/** Returns the update without the agent's side of the sentiment. Call before anything reads the update. */
export function withoutAgentSentiment(update: Update): Update {
  if (update.type === "contact.sentiment") return { ...update, agent: UNKNOWN };
  return update.type === "contact.turn" ? withoutTurnSentiment(update) : update;
}

/**
 * Returns the stored state without the agents' sentiment, and deletes it from the store. Call when the hub wakes up, because an
 * earlier deployment may have kept it.
 */
export function forgetAgentSentiment(state: StoredState, store: StateStore): StoredState {
  const agents = [...state.agents];
  // A contact may carry it, too.
  if (agents.some(({ row }) => hasAgentSentiment(row))) store.landRows();
  return {
    ...state,
    agents: agents.map(({ record, row }) => ({ record, row: row && withoutRowSentiment(record, row, store) })),
    contacts: [...state.contacts].map((contact) => withoutContactSentiment(contact, store)),
  };
}

function withoutRowSentiment(record: AgentRecord, row: BoardRow<AgentRow>, store: StateStore): BoardRow<AgentRow> {
  const sentiment = row.value?.sentiment ?? null;
  if (row.value === null || sentiment === null || !hasAgentSentiment(row)) return row;
  const kept = { ...row, value: { ...row.value, sentiment: { ...sentiment, agent: UNKNOWN } } };
  store.saveAgent(record, kept);
  return kept;
}

function withoutContactSentiment(contact: ContactRecord, store: StateStore): ContactRecord {
  const turns = contact.hasTurns ? store.turns(contact.contactId) : [];
  for (const turn of turns) if (withoutTurnSentiment(turn) !== turn) store.saveTurn(withoutTurnSentiment(turn));
  if (contact.sentiment === null || isUnknown(contact.sentiment.agent)) return contact;
  const kept = { ...contact, sentiment: { ...contact.sentiment, agent: UNKNOWN } };
  store.saveContact(kept);
  return kept;
}

function withoutTurnSentiment(turn: ContactTurn): ContactTurn {
  return turn.role === "agent" && turn.sentiment !== null ? { ...turn, sentiment: null } : turn;
}

function hasAgentSentiment(row: BoardRow<AgentRow> | null): boolean {
  const sentiment = row?.value?.sentiment ?? null;
  return sentiment !== null && !isUnknown(sentiment.agent);
}

function isUnknown({ score, quarters, recent }: Sentiment): boolean {
  return [score, recent, ...quarters].every((value) => value === null);
}
