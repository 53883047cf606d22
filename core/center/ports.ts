import type { CenterAlert } from "../../protocol/alert.ts";
import type { AlertChange } from "../alerts/alert-change.ts";
import type { RuleState } from "../alerts/rule-state.ts";
import type { BoardRow } from "../board/collection.ts";
import type { HistorySettings } from "../history/center-history.ts";
import type { HistoryStore } from "../history/ports.ts";
import type { QueueSettings } from "../queues/center-queues.ts";
import type { QueueStore, StoredQueues } from "../queues/ports.ts";
import type { ExpiryTimes } from "../state/expiry.ts";
import type { StateEvents, StateStore, StoredState } from "../state/ports.ts";

/** Where alerts outlive the hub's memory. Every call is synchronous and part of the caller's transaction. */
export interface AlertStore {
  saveAlert(row: BoardRow<CenterAlert>): void;
  /** Deletes alerts of the history. Positions before `oldestResumableSeq` can no longer resume. */
  deleteAlerts(alertIds: readonly string[], oldestResumableSeq: number): void;
  /** Replaces what the rules remember of one subject, by its key (`subjectKey`); an empty list deletes it. */
  saveRuleStates(subjectKey: string, states: readonly RuleState[]): void;
  saveAlertClock(clock: AlertClock): void;
  saveRules(rules: object): void;
}

/** The times that all alerts have in common, epoch ms. */
export interface AlertClock {
  /** Since when posts have come without a break. */
  feedSince: number;
  /** Until when time has passed for the alerts. */
  lookedAt: number;
}

/** What storage has of the alerts. Other versions may have written the parts that are unknown. */
export interface SavedAlerts {
  rows: readonly BoardRow<CenterAlert>[];
  states: readonly unknown[];
  clock: unknown;
  /** null or undefined = nobody has saved any. */
  rules: unknown;
  /** When the newest post arrived, epoch ms; null = unknown. */
  lastPostAt: number | null;
}

export interface CenterStores {
  readonly state: StateStore;
  readonly alerts: AlertStore;
  readonly queues: QueueStore;
  readonly history: HistoryStore;
}

export interface CenterEvents extends StateEvents {
  /** Alerts changed. It runs in the transaction of the rows. */
  alertsChanged(changes: readonly AlertChange[], now: number): void;
}

/** Days and quiet hours go by the clocks of `timeZone`. */
export interface CenterSettings extends QueueSettings, HistorySettings {
  readonly times: ExpiryTimes;
}

/** All that storage has of one contact center. */
export interface SavedCenter {
  state: StoredState;
  alerts: SavedAlerts;
  queues: StoredQueues;
}
