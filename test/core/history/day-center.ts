import { CenterHistory, type HistorySettings, type KnownDay } from "../../../core/history/center-history.ts";
import type { AgentToday } from "../../../protocol/agent-today.ts";
import type { AgentContact, AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState } from "../../support/updates.ts";
import { MemoryHistoryStore } from "../memory-history-store.ts";

/** 2026-11-26T09:00:00Z, a Thursday. */
export const NINE = Date.UTC(2026, 10, 26, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const at = (minutes: number) => NINE + minutes * MINUTE;

/** The days of a contact center on a store in memory and a clock that the test sets. */
export class DayCenter {
  readonly settings: HistorySettings;
  readonly store: MemoryHistoryStore;
  now = at(600);
  rowsWritten = 0;
  history: CenterHistory;

  constructor(settings: Partial<HistorySettings> = {}) {
    this.settings = { timeZone: "UTC", historyDays: 7, ...settings };
    this.store = new MemoryHistoryStore(() => {
      this.rowsWritten += 1;
    });
    this.history = this.#open();
  }

  post(...updates: Update[]): Set<string> {
    return this.history.applyUpdates(updates, this.now);
  }

  /** Forgets what is only in memory, as a restarted process does. The board keeps its figures. */
  restart(...agentIds: string[]): void {
    this.history = this.#open(agentIds.map((agentId) => [agentId, this.history.today(agentId)]));
  }

  day(agentId = "agent-1", date = "2026-11-26"): KnownDay {
    const day = this.history.dayOfDate(date);
    if (day === null) throw new Error(`${date} is no day.`);
    return this.history.day(agentId, day, this.now);
  }

  #open(today: [string, AgentToday | null][] = []): CenterHistory {
    return new CenterHistory(this.store, this.settings, today);
  }
}

/** What an agent's stream shows `minutes` after nine. */
export function stateAt(minutes: number, status: string, since: number, ...contacts: AgentContact[]): AgentState {
  const kind = status === "Available" ? "routable" : status === "Offline" ? "offline" : "custom";
  return anAgentState({
    occurredAt: at(minutes),
    signedIn: status !== "Offline",
    status: { name: status, kind, since: at(since) },
    contacts,
  });
}

/** A call in a state since `minutes` after nine, answered at `answered`. */
export function call(
  state: AgentContact["state"],
  since: number,
  answered: number | null = null,
  fields: Partial<AgentContact> = {},
): AgentContact {
  return aContact({ state, since: at(since), connectedAt: answered === null ? null : at(answered), ...fields });
}

/** A shift: a call with a hold and work after it, a missed call, lunch, and the end at 17:00. */
export const SHIFT: readonly AgentState[] = [
  stateAt(0, "Available", 0),
  stateAt(10, "Available", 0, call("ringing", 10)),
  stateAt(11, "Available", 0, call("connected", 11, 11)),
  stateAt(15, "Available", 0, call("hold", 15, 11)),
  stateAt(17, "Available", 0, call("connected", 17, 11)),
  stateAt(20, "Available", 0, call("ended", 20, 11)),
  stateAt(22, "Available", 0),
  stateAt(30, "Available", 0, call("ringing", 30, null, { contactId: "contact-2" })),
  stateAt(31, "Available", 0, call("missed", 31, null, { contactId: "contact-2" })),
  stateAt(33, "Available", 0),
  stateAt(40, "Almuerzo", 40),
  stateAt(55, "Available", 55),
  stateAt(60, "Offline", 60),
];
