import type { AgentStateBody } from "../../protocol/updates.ts";
import type { BoardRow } from "../board/collection.ts";
import type { AgentRecord } from "./agent-record.ts";
import type { AgentRow } from "./agent-row.ts";
import { withoutMonitoring } from "./monitored-contacts.ts";
import type { StateStore, StoredState } from "./ports.ts";

/**
 * Returns the stored state without who listens to whom, and deletes it from the store. Call when the hub wakes up with
 * `SHOW_LISTENERS=false`, because an earlier deployment may have kept it.
 */
export function forgetListeners(state: StoredState, store: StateStore): StoredState {
  const agents = [...state.agents].map((stored) => {
    const record = withoutAnyMonitoring(stored.record);
    const row = withListening(stored.row, () => false);
    if (record !== stored.record || row !== stored.row) store.saveAgent(record, row ?? undefined);
    return { record, row };
  });
  return { ...state, agents };
}

/** Deletes an agent from the rows of those to whom it listens. Call when the agent is erased. */
export function eraseListener(state: StoredState, agentId: string, store: StateStore): void {
  for (const { record, row } of state.agents) {
    const kept = withListening(row, (listener) => listener !== agentId);
    if (kept !== row) store.saveAgent(record, kept ?? undefined);
  }
}

function withListening(row: BoardRow<AgentRow> | null, isKept: (agentId: string | null) => boolean): BoardRow<AgentRow> | null {
  if (row === null || row.value === null) return row;
  const listening = row.value.listening.filter(({ agentId }) => isKept(agentId));
  return listening.length === row.value.listening.length ? row : { ...row, value: { ...row.value, listening } };
}

function withoutAnyMonitoring(record: AgentRecord): AgentRecord {
  const without = (state: AgentStateBody | null) => state && withoutMonitoring(state);
  const { state, named, listed, repeated } = record;
  const kept = { state: without(state), named: without(named), listed: without(listed), repeated: without(repeated) };
  const same = kept.state === state && kept.named === named && kept.listed === listed && kept.repeated === repeated;
  return same ? record : { ...record, ...kept };
}
